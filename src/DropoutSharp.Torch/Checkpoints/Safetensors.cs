using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Files of tensors in the safetensors format, as Hugging Face's libraries read and write them.</summary>
/// <remarks>
/// <para>
/// Layout: 8 bytes with the length of the header, the header as JSON (name → dtype, shape, data_offsets), the data. A file that we write
/// also has a SHA-256 over all of its bytes (the checksum's own digits taken as zeros) in its metadata.
/// </para>
/// <para>
/// Reading checks everything before it hands out anything: lengths, types, shapes, that the data have neither holes nor overlaps nor a rest, that no name
/// appears twice, and the checksum where there is one. Writing never leaves half a file.
/// </para>
/// </remarks>
public static class Safetensors
{
    /// <summary>The longest header that is read, in bytes; the format's own limit.</summary>
    public const int MaxHeaderLength = 100_000_000;

    private const int Chunk = 1 << 20;

    /// <summary>Writes tensors to a file.</summary>
    /// <param name="path">The file; one that is there is replaced, at the end.</param>
    /// <param name="tensors">Names and tensors, on any device and with any strides.</param>
    /// <param name="metadata">Texts to keep with them.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, a name is reserved, or an element type has no place in the format.</exception>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    public static void Save(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        metadata ??= new Dictionary<string, string>();
        if (metadata.Keys.FirstOrDefault(key => key is SafetensorsHeader.ChecksumName or SafetensorsHeader.AlgorithmName) is string reserved)
        {
            throw new ArgumentException($"Metadata must not use the name \"{reserved}\", which the file's own checksum has.", nameof(metadata));
        }

        (string Name, Tensor Tensor)[] ordered = Order(tensors);
        byte[] header = SafetensorsHeader.Write(Place(ordered), metadata, out int checksumOffset);
        try
        {
            AtomicFile.Write(path, stream => Write(stream, header, checksumOffset, ordered));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="requireChecksum">Whether a file without a checksum is refused, as those of other programs are.</param>
    /// <returns>The tensors, on the CPU; the caller's to dispose.</returns>
    /// <exception cref="CheckpointException">The file is not there, is damaged, or is no safetensors file.</exception>
    public static SafetensorsFile Load(string path, bool requireChecksum = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            return Load(stream, path, requireChecksum);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(
                path,
                exception is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : $"cannot be read: {exception.Message}",
                exception);
        }
    }

    /// <summary>The same from a stream that can seek.</summary>
    internal static SafetensorsFile Load(Stream stream, string path, bool requireChecksum)
    {
        Dictionary<string, Tensor> tensors = [];
        try
        {
            byte[] length = new byte[8];
            SafetensorsHeader header = ReadHeader(stream, length, out byte[] headerBytes);
            if (header.Checksum is null && requireChecksum)
            {
                throw new FormatException("has no checksum");
            }

            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            if (header.Checksum is not null)
            {
                headerBytes.AsSpan(header.ChecksumOffset, SafetensorsHeader.ChecksumDigits).Fill((byte)'0');
                hash.AppendData(length);
                hash.AppendData(headerBytes);
            }

            foreach (SafetensorsHeader.Entry entry in header.Entries)
            {
                tensors.Add(entry.Name, empty(entry.Shape, entry.Type, CPU));
                ReadData(stream, tensors[entry.Name], entry, header.Checksum is null ? null : hash);
            }

            if (header.Checksum is not null && header.Checksum != Digits(hash))
            {
                throw new FormatException("is damaged: its content does not fit its checksum");
            }

            return new SafetensorsFile(path, tensors, header.Metadata, header.Checksum is not null);
        }
        catch (Exception exception)
        {
            foreach (Tensor tensor in tensors.Values)
            {
                tensor.Dispose();
            }

            switch (exception)
            {
                case FormatException:
                    throw new CheckpointException(path, exception.Message, exception);
                case EndOfStreamException:
                    throw new CheckpointException(path, "is cut short", exception);
                default:
                    throw;
            }
        }
    }

    private static (string Name, Tensor Tensor)[] Order(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        (string Name, Tensor Tensor)[] all = [.. tensors];
        HashSet<string> names = [];
        foreach ((string name, Tensor tensor) in all)
        {
            if (name is null || name == SafetensorsHeader.MetadataName || !names.Add(name))
            {
                throw new ArgumentException($"Tensor names must be distinct and not \"{SafetensorsHeader.MetadataName}\"; received \"{name}\".", nameof(tensors));
            }

            if (SafetensorsType.Find(tensor.dtype) is null)
            {
                throw new ArgumentException(
                    $"Tensor \"{name}\" must have one of the types {SafetensorsType.Names}; received {tensor.dtype}.", nameof(tensors));
            }
        }

        // Large elements first, so that all data are aligned to their elements.
        return [.. all.OrderByDescending(entry => SafetensorsType.Find(entry.Tensor.dtype)!.Value.Size).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    private static List<SafetensorsHeader.Entry> Place((string Name, Tensor Tensor)[] ordered)
    {
        List<SafetensorsHeader.Entry> entries = [];
        long at = 0;
        foreach ((string name, Tensor tensor) in ordered)
        {
            long end = checked(at + (tensor.numel() * SafetensorsType.Find(tensor.dtype)!.Value.Size));
            entries.Add(new SafetensorsHeader.Entry(name, tensor.dtype, TensorMemory.Shape(tensor), at, end));
            at = end;
        }

        return entries;
    }

    private static void Write(Stream stream, byte[] header, int checksumOffset, (string Name, Tensor Tensor)[] ordered)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(length);
        hash.AppendData(header);
        stream.Write(length);
        stream.Write(header);
        foreach ((_, Tensor tensor) in ordered)
        {
            using Tensor local = Local(tensor);
            foreach (Memory span in Memory.Of(local))
            {
                hash.AppendData(span.Bytes);
                stream.Write(span.Bytes);
            }
        }

        stream.Position = length.Length + checksumOffset;
        stream.Write(Encoding.ASCII.GetBytes(Digits(hash)));
    }

    private static Tensor Local(Tensor tensor)
    {
        using Tensor plain = tensor.detach();
        using Tensor cpu = plain.cpu();
        return cpu.contiguous();
    }

    private static SafetensorsHeader ReadHeader(Stream stream, byte[] length, out byte[] bytes)
    {
        stream.ReadExactly(length);
        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (claimed > MaxHeaderLength)
        {
            throw new FormatException($"is no safetensors file: its header would have {claimed} bytes, of at most {MaxHeaderLength}");
        }

        if (claimed > (ulong)(stream.Length - length.Length))
        {
            throw new FormatException($"is cut short: its header has {claimed} bytes, the file {stream.Length}");
        }

        bytes = new byte[claimed];
        stream.ReadExactly(bytes);
        SafetensorsHeader header = SafetensorsHeader.Read(bytes);
        long rest = stream.Length - length.Length - bytes.Length;
        return rest == header.DataLength ? header
            : throw new FormatException(
                $"{(rest < header.DataLength ? "is cut short" : "has bytes that belong to no tensor")}: its tensors have {header.DataLength} bytes, and {rest} are there");
    }

    private static void ReadData(Stream stream, Tensor tensor, SafetensorsHeader.Entry entry, IncrementalHash? hash)
    {
        foreach (Memory memory in Memory.Of(tensor))
        {
            stream.ReadExactly(memory.Bytes);
            hash?.AppendData(memory.Bytes);
            if (entry.Type == ScalarType.Bool && memory.Bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
            {
                throw new FormatException($"has a truth value in tensor \"{entry.Name}\" that is neither 0 nor 1");
            }
        }
    }

    private static string Digits(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());

    /// <summary>A stretch of a contiguous CPU tensor's memory.</summary>
    private readonly unsafe struct Memory(nint address, int length)
    {
        public Span<byte> Bytes => new((void*)address, length);

        public static IEnumerable<Memory> Of(Tensor tensor)
        {
            nint address = TensorMemory.Address(tensor);
            long length = tensor.numel() * tensor.ElementSize;
            for (long at = 0; at < length; at += Chunk)
            {
                yield return new Memory((nint)(address + at), (int)Math.Min(Chunk, length - at));
            }

            GC.KeepAlive(tensor);
        }
    }
}
