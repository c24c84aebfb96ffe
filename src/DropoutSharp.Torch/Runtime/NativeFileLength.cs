using System.Buffers.Binary;

namespace DropoutSharp.Torch;

/// <summary>Whether a native library is as long as its own headers say. Loading one that is cut short ends the process.</summary>
internal static class NativeFileLength
{
    private const int HeaderLength = 64, SegmentLength = 56;

    /// <summary>Whether an ELF file is shorter than its segments and its section table need. Files of other kinds are not judged.</summary>
    /// <param name="path">The file.</param>
    public static bool IsCutShort(string path)
    {
        using FileStream stream = File.OpenRead(path);
        byte[] header = new byte[HeaderLength];
        if (stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
        {
            return true;
        }

        if (!header.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            return false;
        }

        ulong needed = U64(header, 0x28) + ((ulong)U16(header, 0x3A) * U16(header, 0x3C));
        byte[] segments = new byte[U16(header, 0x38) * SegmentLength];
        stream.Position = (long)Math.Min(U64(header, 0x20), long.MaxValue);
        if (stream.ReadAtLeast(segments, segments.Length, throwOnEndOfStream: false) < segments.Length)
        {
            return true;
        }

        for (int at = 0; at < segments.Length; at += SegmentLength)
        {
            needed = Math.Max(needed, U64(segments, at + 8) + U64(segments, at + 32));
        }

        return needed > (ulong)stream.Length;
    }

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
