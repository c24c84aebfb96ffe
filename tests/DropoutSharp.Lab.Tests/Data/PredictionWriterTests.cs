using System.IO.Compression;
using System.Text;
using DropoutSharp.Lab.Data;
using DuckDB.NET.Data;

namespace DropoutSharp.Lab.Tests.Data;

public sealed class PredictionWriterTests : IDisposable
{
    private static readonly PredictionWriterOptions Intervals = new() { WithIntervals = true };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WriteNumber_Csv_HasRowKeysAndNumbers()
    {
        using RowStream rows = Numbers();
        using MemoryStream stream = new();
        using (PredictionWriter writer = PredictionWriter.Create(stream, OutputFormat.Csv, rows, Intervals))
        {
            WriteAll(writer, rows);
            writer.Complete();
        }

        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        Assert.Equal("row,id,input_low,prediction,epistemic,aleatoric,low,high", lines[0]);
        Assert.Equal("0,n0,\"a, \"\"b\"\"\",0.5,0.25,0.125,-1,2", lines[1]);
        Assert.Equal("1,n1,,1.5,0.25,,-1,2", lines[2]);
        Assert.Equal("", lines[^1]);
        Assert.Equal(42, lines.Length);
    }

    [Fact]
    public void WriteNumber_JsonLines_HasNullWhereNothingIs()
    {
        using RowStream rows = Numbers();
        string path = _folder.PathOf("out.jsonl");
        using (PredictionWriter writer = PredictionWriter.Create(path, rows, Intervals))
        {
            WriteAll(writer, rows);
            writer.Complete();
        }

        string[] lines = File.ReadAllLines(path);
        Assert.Equal("""{"row":0,"id":"n0","input_low":"a, \"b\"","prediction":0.5,"epistemic":0.25,"aleatoric":0.125,"low":-1,"high":2}""", lines[0]);
        Assert.Equal("""{"row":1,"id":"n1","input_low":null,"prediction":1.5,"epistemic":0.25,"aleatoric":null,"low":-1,"high":2}""", lines[1]);
        Assert.Equal(40, lines.Length);
    }

    [Fact]
    public void WriteNumber_Parquet_KeepsTypesOfCarriedColumns()
    {
        using RowStream first = Numbers();
        string input = _folder.Copy("in.parquet", "SELECT range AS id, 9007199254740993 + range AS big, DATE '2020-01-01' AS d, range / 4 AS a FROM range(40)");
        using RowStream rows = RowStream.Open(input, first.Encoder, new RowStreamOptions { Keep = ["big", "d"] });
        string path = _folder.PathOf("out.parquet");
        using (PredictionWriter writer = PredictionWriter.Create(path, rows, Intervals))
        {
            WriteAll(writer, rows);
            writer.Complete();
        }

        Assert.Equal(
            ["row:BIGINT", "id:BIGINT", "big:BIGINT", "d:DATE", "prediction:DOUBLE", "epistemic:DOUBLE", "aleatoric:DOUBLE", "low:DOUBLE", "high:DOUBLE"],
            Query($"SELECT column_name || ':' || column_type FROM (DESCRIBE SELECT * FROM '{path}')"));
        Assert.Equal(["40|9007199254740993|2020-01-01|1"], Query($"SELECT count(*) || '|' || min(big) || '|' || min(d) || '|' || count(*) FILTER (aleatoric IS NULL) FROM '{path}'"));
        Assert.Equal(["in.parquet", "learn.csv", "out.parquet"], Files());
    }

    [Fact]
    public void WriteClass_WithSetsAndProbabilities_NamesClasses()
    {
        string path = _folder.WriteLines("c.csv", Enumerable.Range(0, 60).Select(i => $"{i * 17 % 60 / 4.0},{"xyz"[i % 3]}").Prepend("a,kind"));
        using RowStream rows = RowStream.Open(path, DataPreparation.Prepare(path).Encoder);
        string output = _folder.PathOf("out.csv.gz");
        using (PredictionWriter writer = PredictionWriter.Create(output, rows, new PredictionWriterOptions { WithIntervals = true, WithProbabilities = true }))
        {
            RowBatch batch = Assert.Single(rows.ReadBatches());
            writer.WriteClass(batch, 0, [0.25, 0.5, 0.25], 0.125, 0.75, [1, 2]);
            writer.WriteClass(batch, 1, [1, 0, 0], 0, 0);
            writer.Complete();
        }

        using StreamReader reader = new(new GZipStream(File.OpenRead(output), CompressionMode.Decompress));
        Assert.Equal("""
            row,prediction,probability,epistemic,aleatoric,set,probability_x,probability_y,probability_z
            0,y,0.5,0.125,0.75,y|z,0.25,0.5,0.25
            1,x,1,0,0,"",1,0,0

            """.ReplaceLineEndings("\n"), reader.ReadToEnd());
    }

    [Fact]
    public void Write_Abstentions_LeaveWhatIsNotAnsweredEmpty()
    {
        using RowStream rows = Numbers();
        using MemoryStream stream = new();
        PredictionWriterOptions options = new() { WithIntervals = true, WithAbstentions = true };
        using (PredictionWriter writer = PredictionWriter.Create(stream, OutputFormat.JsonLines, rows, options))
        {
            RowBatch batch = rows.ReadBatches().First();
            writer.WriteNumber(batch, 0, 1, 2, 3, -1, 4);
            writer.WriteNumber(batch, 1, 1, 2, 3, -1, 4, abstains: true);
            writer.Complete();
        }

        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        Assert.EndsWith("""{"abstains":false,"prediction":1,"epistemic":2,"aleatoric":3,"low":-1,"high":4}""".TrimStart('{'), lines[0], StringComparison.Ordinal);
        Assert.EndsWith("""{"abstains":true,"prediction":null,"epistemic":2,"aleatoric":3,"low":null,"high":null}""".TrimStart('{'), lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out.csv")]
    [InlineData("out.jsonl")]
    [InlineData("out.parquet")]
    public void Dispose_BeforeComplete_LeavesWhatWasThereAndNothingElse(string name)
    {
        using RowStream rows = Numbers();
        _folder.Write(name, "before");
        using (PredictionWriter writer = PredictionWriter.Create(_folder.PathOf(name), rows))
        {
            WriteAll(writer, rows);
        }

        Assert.Equal("before", File.ReadAllText(_folder.PathOf(name)));
        Assert.Equal(["learn.csv", name], Files());
    }

    [Theory]
    [InlineData("out.xlsx", "must end in .csv, .jsonl")]
    [InlineData("out.parquet.gz", "must end in .csv, .jsonl")]
    [InlineData("no/such/folder/out.csv", "must be a file that can be written")]
    [InlineData("no/such/folder/out.parquet", "must be a file that can be written")]
    public void Create_PathThatCannotBe_IsRefused(string name, string expected)
    {
        using RowStream rows = Numbers();
        Assert.Contains(expected, Assert.Throws<UserErrorException>(() => PredictionWriter.Create(_folder.PathOf(name), rows)).Message);
    }

    [Fact]
    public void Create_ParquetToAStream_IsRefused()
    {
        using RowStream rows = Numbers();
        Assert.Contains("Parquet must be written to a file", Assert.Throws<UserErrorException>(() => PredictionWriter.Create(Stream.Null, OutputFormat.Parquet, rows)).Message);
    }

    [Fact]
    public void Write_AnyDoubles_ComeBackExactly()
    {
        double[] values = [0.1, 1 / 3.0, 1e-300, 1.7976931348623157e308, -0.0, 123456789.125, 5e-324];
        string path = _folder.PathOf("out.csv");
        using (TableWriter writer = TableWriter.Create(path, [new OutputColumn("i", OutputType.Integer), new OutputColumn("v", OutputType.Number)]))
        {
            for (int i = 0; i < values.Length; i++)
            {
                writer.Write([(long)i, values[i]]);
            }

            writer.Complete();
        }

        NumberColumn column = Assert.IsType<NumberColumn>(DatasetReader.Read(path).Find("v"));
        Assert.Equal(values, column.Values.ToArray());
    }

    private static void WriteAll(PredictionWriter writer, RowStream rows)
    {
        foreach (RowBatch batch in rows.ReadBatches())
        {
            for (int row = 0; row < batch.Rows.Count; row++)
            {
                writer.WriteNumber(batch, row, row + 0.5, 0.25, row == 1 ? double.NaN : 0.125, -1, 2);
            }
        }
    }

    private RowStream Numbers()
    {
        string path = _folder.WriteLines("learn.csv", Enumerable.Range(0, 40).Select(i => $"n{i},{TempFolder.Text(i * 17 % 40 / 4.0)},{(i == 0 ? "\"a, \"\"b\"\"\"" : i % 2 == 1 ? "" : "c")},{TempFolder.Text(i * 7 % 40 / 2.0)}").Prepend("id,a,low,y"));
        PreparedData data = DataPreparation.Prepare(path, new DatasetOptions { Target = "y", Ignore = ["low"] });
        return RowStream.Open(path, data.Encoder, new RowStreamOptions { Keep = ["low"] });
    }

    private string[] Files() => [.. Directory.EnumerateFiles(_folder.FullName).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static string[] Query(string sql)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return [.. rows];
    }
}
