using System.Buffers.Binary;

namespace DropoutSharp.Lab.Data;

/// <summary>Reads a file of unsigned bytes in IDX format, gzipped or not, from front to back.</summary>
/// <remarks>
/// The format: two zero bytes, the type (8 for unsigned bytes), the number of dimensions; a big-endian 32-bit size for each dimension; then
/// the numbers, the last dimension running fastest.
/// </remarks>
internal sealed class IdxReader : IDisposable
{
    private const byte UnsignedByte = 8;

    private readonly string _path;
    private readonly Stream _stream;

    private IdxReader(string path, Stream stream)
    {
        _path = path;
        _stream = stream;
    }

    /// <summary>The sizes; the first is the number of items.</summary>
    public IReadOnlyList<int> Sizes { get; private set; } = [];

    /// <summary>The number of bytes of one item.</summary>
    public int ItemSize { get; private set; }

    /// <summary>Opens a file and checks its head.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimensions">How many dimensions it must have.</param>
    /// <exception cref="UserErrorException">It is not such a file.</exception>
    public static IdxReader Open(string path, int dimensions)
    {
        IdxReader reader = new(path, OpenStream(path));
        try
        {
            reader.ReadHead(dimensions);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next items.</summary>
    /// <param name="destination">Takes whole items, no more than are left.</param>
    public void Read(Span<byte> destination)
    {
        int read = ReadAtMost(destination);
        if (read < destination.Length)
        {
            throw new UserErrorException(
                $"'{_path}' must hold {Sizes[0]} items of {ItemSize} bytes after its head, as the head says; the file ends before.");
        }
    }

    /// <summary>Checks that nothing follows the last item.</summary>
    public void EnsureEnd()
    {
        Span<byte> one = stackalloc byte[1];
        if (ReadAtMost(one) > 0)
        {
            throw new UserErrorException(
                $"'{_path}' must end after {Sizes[0]} items of {ItemSize} bytes, as its head says; more bytes follow.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static Stream OpenStream(string path)
    {
        FileStream file = InputFile.Open(path);
        int first = file.ReadByte(), second = file.ReadByte();
        file.Position = 0;
        return first == 0x1F && second == 0x8B ? new GzipStreamReader(file) : file;
    }

    private void ReadHead(int dimensions)
    {
        Span<byte> head = stackalloc byte[4 + 4 * dimensions];
        int read = ReadAtMost(head);
        if (read == 0)
        {
            throw new UserErrorException($"'{_path}' must be an IDX file; it is empty.");
        }

        if (read >= 4 && (head[0] != 0 || head[1] != 0 || head[2] != UnsignedByte || head[3] != dimensions))
        {
            throw new UserErrorException(
                $"'{_path}' must be an IDX file of unsigned bytes in {dimensions} dimension{(dimensions == 1 ? "" : "s")}, so start with 00 00 08 0{dimensions}; "
                + $"it starts with {Convert.ToHexStringLower(head[..1])} {Convert.ToHexStringLower(head[1..2])} "
                + $"{Convert.ToHexStringLower(head[2..3])} {Convert.ToHexStringLower(head[3..4])}.");
        }

        if (read < head.Length)
        {
            throw new UserErrorException($"'{_path}' must have an IDX head of {head.Length} bytes; the file ends after {read}.");
        }

        int[] sizes = new int[dimensions];
        long itemSize = 1;
        for (int i = 0; i < dimensions; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(head[(4 + 4 * i)..]);
            if (sizes[i] < 1)
            {
                throw new UserErrorException($"'{_path}' must have sizes of at least 1; size {i + 1} in its head is {(uint)sizes[i]}.");
            }

            itemSize = i == 0 ? 1 : Math.Min(itemSize * sizes[i], int.MaxValue);
        }

        if (itemSize > 1 << 28)
        {
            throw new UserErrorException(
                $"'{_path}' must have items of at most {1 << 28} bytes; its head says {string.Join('×', sizes[1..].Select(size => (uint)size))}.");
        }

        Sizes = sizes;
        ItemSize = (int)itemSize;
    }

    private int ReadAtMost(Span<byte> destination)
    {
        try
        {
            return _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            throw new UserErrorException($"'{_path}' must be a whole gzip file; it is damaged or ends early.");
        }
        catch (IOException exception)
        {
            throw new UserErrorException($"'{_path}' must be readable; {exception.Message.TrimEnd('.')}.", exception);
        }
    }
}
