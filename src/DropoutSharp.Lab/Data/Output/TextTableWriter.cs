using System.Buffers;
using System.IO.Compression;

namespace DropoutSharp.Lab.Data;

/// <summary>Writes rows as lines of text.</summary>
internal abstract class TextTableWriter(Stream stream, IReadOnlyList<OutputColumn> columns, PendingFile? file) : TableWriter(columns)
{
    private const int FlushAt = 1 << 16;

    /// <summary>Takes the bytes of a line.</summary>
    protected ArrayBufferWriter<byte> Line { get; } = new(FlushAt * 2);

    public override void Complete()
    {
        Flush();
        if (stream is GZipStream)
        {
            stream.Dispose();
        }
        else
        {
            stream.Flush();
        }

        file?.Complete();
    }

    protected void EndLine()
    {
        Line.Write("\n"u8);
        if (Line.WrittenCount >= FlushAt)
        {
            Flush();
        }
    }

    private protected override void Dispose(bool disposing) => file?.Dispose();

    private void Flush()
    {
        stream.Write(Line.WrittenSpan);
        Line.ResetWrittenCount();
    }
}
