using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace DropoutSharp.Lab.Data;

/// <summary>Writes comma-separated values (RFC 4180) with a header; missing values are empty.</summary>
internal sealed class CsvTableWriter : TextTableWriter
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    public CsvTableWriter(Stream stream, IReadOnlyList<OutputColumn> columns, PendingFile? file)
        : base(stream, columns, file)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            Separate(i);
            WriteText(columns[i].Name);
        }

        EndLine();
    }

    public override void Write(ReadOnlySpan<OutputCell> cells)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            Separate(i);
            switch (Columns[i].Type)
            {
                case OutputType.Integer:
                    Utf8Formatter.TryFormat(cells[i].Integer, Line.GetSpan(32), out int digits);
                    Line.Advance(digits);
                    break;

                case OutputType.Number when double.IsFinite(cells[i].Number):
                    Utf8Formatter.TryFormat(cells[i].Number, Line.GetSpan(64), out int letters);
                    Line.Advance(letters);
                    break;

                case OutputType.Text when cells[i].Text is { } text:
                    WriteText(text);
                    break;
            }
        }

        EndLine();
    }

    private void Separate(int column)
    {
        if (column > 0)
        {
            Line.Write(","u8);
        }
    }

    private void WriteText(string text)
    {
        // An empty text in quotes is a text; without, it is a missing value.
        bool quoted = text.Length == 0 || text.AsSpan().ContainsAny(NeedsQuotes) || text[0] == ' ' || text[^1] == ' ';
        Encoding.UTF8.GetBytes(quoted ? $"\"{text.Replace("\"", "\"\"")}\"" : text, Line);
    }
}
