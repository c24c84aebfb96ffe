using System.Text.Encodings.Web;
using System.Text.Json;

namespace DropoutSharp.Lab.Data;

/// <summary>Writes one JSON object a line; missing values are null.</summary>
internal sealed class JsonLinesTableWriter(Stream stream, IReadOnlyList<OutputColumn> columns, PendingFile? file)
    : TextTableWriter(stream, columns, file)
{
    private readonly JsonEncodedText[] _names =
        [.. columns.Select(column => JsonEncodedText.Encode(column.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];

    public override void Write(ReadOnlySpan<OutputCell> cells)
    {
        using (Utf8JsonWriter writer = new(Line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            writer.WriteStartObject();
            for (int i = 0; i < _names.Length; i++)
            {
                writer.WritePropertyName(_names[i]);
                WriteCell(writer, Columns[i], cells[i]);
            }

            writer.WriteEndObject();
        }

        EndLine();
    }

    private static void WriteCell(Utf8JsonWriter writer, OutputColumn column, OutputCell cell)
    {
        switch (column.Type)
        {
            case OutputType.Integer:
                writer.WriteNumberValue(cell.Integer);
                break;

            case OutputType.Number when double.IsFinite(cell.Number):
                writer.WriteNumberValue(cell.Number);
                break;

            case OutputType.Text when cell.Text is { } text:
                if (column.SqlType == "BOOLEAN" || (column.IsNumericText && IsJsonNumber(text)))
                {
                    writer.WriteRawValue(text);
                }
                else
                {
                    writer.WriteStringValue(text);
                }

                break;

            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static bool IsJsonNumber(string text) => text.All(letter => char.IsAsciiDigit(letter) || letter is '-' or '+' or '.' or 'e' or 'E');
}
