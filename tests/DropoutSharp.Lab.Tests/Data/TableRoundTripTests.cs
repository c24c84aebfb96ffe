using System.Globalization;
using System.Text;
using CsCheck;
using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Tests.Data;

public sealed class TableRoundTripTests : IDisposable
{
    private const int Rows = 30;

    // A letter first, so that a text is neither a number nor a word for "missing".
    private static readonly Gen<string> SomeText = Gen.String[Gen.Char["ab ,;|\t\"'\n\r\\äé中#%_"], 0, 12].Select(text => "t" + text);

    private static readonly Gen<string?[][]> Tables = Gen.Select(
        Gen.OneOf(Gen.Double[-1e6, 1e6], Gen.Double.Where(double.IsFinite), Gen.Int.Select(i => (double)i)).Array[Rows],
        Gen.OneOf(SomeText.Select(text => (string?)text), Gen.Const((string?)null)).Array[Rows],
        Gen.Int[0, 20_000].Array[Rows],
        Gen.Bool.Array[Rows],
        (numbers, texts, days, truths) => Enumerable.Range(0, Rows).Select(row => new[]
        {
            TempFolder.Text(numbers[row]), texts[row], new DateTime(1970, 1, 1).AddDays(days[row]).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            truths[row] ? "true" : "false", TempFolder.Text(row * 7 % Rows / 2.0),
        }).ToArray());

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_AnyTableWrittenAsCsv_GivesItsValues() => Gen.Select(Tables, Gen.Char[",;\t|"]).Sample(
        (table, delimiter) =>
        {
            string path = _folder.Write($"{Guid.NewGuid():N}.csv", Csv(table, delimiter));
            Dataset data = DatasetReader.Read(path);
            Assert.Equal(table.Select(row => double.Parse(row[0]!, CultureInfo.InvariantCulture)), Assert.IsType<NumberColumn>(data.Find("number")).Values.ToArray());
            for (int row = 0; row < Rows; row++)
            {
                Assert.Equal((table[row][1] ?? "").Trim(), data.Find("text")!.Format(row));
                Assert.Equal(table[row][2], data.Find("date")!.Format(row));
                Assert.Equal(table[row][3], data.Find("truth")!.Format(row));
            }
        },
        iter: 40);

    [Fact]
    public void ReadBatches_AnyTableWrittenAsCsv_EncodesAsTheEncoderDid() => Gen.Select(Tables, Gen.Int[1, 40]).Sample(
        (table, batchRows) =>
        {
            string path = _folder.Write($"{Guid.NewGuid():N}.csv", Csv(table, ','));
            PreparedData data = DataPreparation.Prepare(path, new DatasetOptions { Target = "y", MinimumLevelRows = 2 });
            using RowStream stream = RowStream.Open(path, data.Encoder, new RowStreamOptions { BatchRows = batchRows, WithTarget = true });
            EncodedRows expected = data.Encoder.Encode(data.Source, [.. Enumerable.Range(0, Rows)]), streamed = stream.ReadAll();
            Assert.Equal(expected.Features, streamed.Features);
            Assert.Equal(expected.Targets, streamed.Targets);
        },
        iter: 20);

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    [InlineData("csv.gz")]
    public void Read_DamagedFile_GivesRowsOrOneSentence(string extension)
    {
        byte[] whole = File.ReadAllBytes(_folder.Copy($"whole.{extension}", "SELECT range AS id, range / 4 AS a, 'l' || range % 3 AS \"b c\", DATE '2020-01-01' + range::INT AS d, range % 2 AS y FROM range(40)"));
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, 2]).Array[1, 4].Sample(
            changes =>
            {
                List<byte> damaged = [.. whole];
                foreach ((int at, byte value, int kind) in changes)
                {
                    int place = Math.Min(at, damaged.Count - 1);
                    switch (kind)
                    {
                        case 0:
                            damaged[place] = value;
                            break;
                        case 1:
                            damaged.Insert(place, value);
                            break;
                        default:
                            damaged.RemoveRange(place, Math.Min(damaged.Count - place, value + 1));
                            damaged.Add(10);
                            break;
                    }
                }

                string path = _folder.Write($"{Guid.NewGuid():N}.{extension}", damaged.ToArray());
                try
                {
                    DataPreparation.Prepare(path, new DatasetOptions { Target = "y" });
                }
                catch (UserErrorException error)
                {
                    Assert.DoesNotContain('\n', error.Message);
                }
            },
            iter: 25);
    }

    private static string Csv(string?[][] table, char delimiter)
    {
        StringBuilder csv = new();
        foreach (string?[] row in table.Prepend(["number", "text", "date", "truth", "y"]))
        {
            csv.AppendJoin(delimiter, row.Select(field => field is null ? "" : field.AsSpan().ContainsAny(",;|\t\"\n\r ") ? $"\"{field.Replace("\"", "\"\"")}\"" : field)).Append('\n');
        }

        return csv.ToString();
    }
}
