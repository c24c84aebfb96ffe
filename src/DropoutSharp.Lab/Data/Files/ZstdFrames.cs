using System.Buffers.Binary;

namespace DropoutSharp.Lab.Data;

/// <summary>Walks over the frames of a zstd file without decompressing it, to see that it is whole.</summary>
/// <remarks>The format: RFC 8878, sections 3.1.1 and 3.1.2.</remarks>
internal static class ZstdFrames
{
    private const uint Magic = 0xFD2FB528;
    private const uint FirstSkippable = 0x184D2A50;
    private const int BlockHead = 3;

    /// <summary>Checks that the last frame ends where the file does.</summary>
    /// <param name="stream">The file, at its start.</param>
    /// <exception cref="InvalidDataException">It is no zstd file, or ends early.</exception>
    public static void Check(Stream stream)
    {
        do
        {
            CheckFrame(stream);
        }
        while (stream.Position < stream.Length);
    }

    private static void CheckFrame(Stream stream)
    {
        uint magic = (uint)Read(stream, 4);
        if ((magic & ~0xFU) == FirstSkippable)
        {
            Skip(stream, Read(stream, 4));
            return;
        }

        if (magic != Magic)
        {
            throw new InvalidDataException("A zstd frame must start with its magic number.");
        }

        int descriptor = (int)Read(stream, 1);
        bool singleSegment = (descriptor & 0x20) != 0, hasChecksum = (descriptor & 4) != 0;
        int contentSize = (descriptor >> 6) switch { 0 => singleSegment ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        int dictionary = (descriptor & 3) switch { 3 => 4, var size => size };
        Skip(stream, (singleSegment ? 0 : 1) + dictionary + contentSize);
        bool last;
        do
        {
            int head = (int)Read(stream, BlockHead), kind = head >> 1 & 3;
            last = (head & 1) != 0;

            // A block of one repeated byte holds that byte only, whatever its size.
            Skip(stream, kind == 1 ? 1 : head >> 3);
        }
        while (!last);
        Skip(stream, hasChecksum ? 4 : 0);
    }

    private static ulong Read(Stream stream, int bytes)
    {
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        if (stream.ReadAtLeast(word[..bytes], bytes, throwOnEndOfStream: false) < bytes)
        {
            throw new InvalidDataException("The zstd file ends early.");
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(word);
    }

    private static void Skip(Stream stream, ulong bytes) => Skip(stream, (long)bytes);

    private static void Skip(Stream stream, long bytes)
    {
        if (stream.Length - stream.Position < bytes)
        {
            throw new InvalidDataException("The zstd file ends early.");
        }

        stream.Position += bytes;
    }
}
