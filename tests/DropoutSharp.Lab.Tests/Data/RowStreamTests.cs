using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Tests.Data;

public sealed class RowStreamTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(4096)]
    public void ReadBatches_FileThatWasLearnedFrom_EncodesAsTheEncoderDid(int batchRows)
    {
        (string path, PreparedData data) = Learn();
        EncodedRows expected = data.Encoder.Encode(data.Source, [.. Enumerable.Range(0, 100)]);

        using RowStream stream = RowStream.Open(path, data.Encoder, new RowStreamOptions { BatchRows = batchRows, WithTarget = true });
        RowBatch[] batches = [.. stream.ReadBatches()];

        Assert.Equal(expected.Features, batches.SelectMany(batch => batch.Rows.Features));
        Assert.Equal(expected.Targets, batches.SelectMany(batch => batch.Rows.Targets));
        Assert.Equal(Enumerable.Range(0, batches.Length).Select(i => (long)i * batchRows), batches.Select(batch => batch.FirstRow));
        Assert.All(batches, batch => Assert.Equal(Enumerable.Range(0, batch.Rows.Count), batch.Rows.RowNumbers));
        Assert.All(batches, batch => Assert.InRange(batch.Rows.Count, 1, batchRows));
    }

    [Theory]
    [InlineData("a.parquet")]
    [InlineData("a.jsonl.gz")]
    [InlineData("a.csv.zst")]
    [InlineData("a.tsv")]
    public void ReadBatches_SameRowsInAnotherFormat_EncodesTheSame(string name)
    {
        (string path, PreparedData data) = Learn();
        string other = _folder.Copy(name, $"SELECT y, part, name, colour, \"when\", truth, id, 'more' AS extra FROM read_csv('{path}', nullstr='NA', dateformat='%d/%m/%Y')");

        using RowStream first = RowStream.Open(path, data.Encoder), second = RowStream.Open(other, data.Encoder);

        Assert.Equal(first.ReadAll().Features, second.ReadAll().Features);
    }

    [Fact]
    public void ReadBatches_WithoutTarget_GivesNaN()
    {
        (_, PreparedData data) = Learn();
        string path = _folder.Write("new.csv", "colour,part,when,truth\nred,1.5,31/12/2020,true\n");

        using RowStream stream = RowStream.Open(path, data.Encoder);

        Assert.Equal([float.NaN], stream.ReadAll().Targets);
    }

    [Fact]
    public void ReadBatches_DatesThatCouldBeEither_AreReadAsInTraining()
    {
        (_, PreparedData data) = Learn();
        string path = _folder.Write("new.csv", "colour,part,when,truth\nred,1.5,01/02/2021,true\n");
        Dataset same = new("same",
        [
            new TextColumn("colour", [0], ["red"]), new NumberColumn("part", [1.5]), new BooleanColumn("truth", [1]),
            new TimeColumn("when", [(new DateTime(2021, 2, 1) - DateTime.UnixEpoch).Ticks / 10]),
        ]);

        using RowStream stream = RowStream.Open(path, data.Encoder);

        Assert.Equal(data.Encoder.Encode(same, [0]).Features, stream.ReadAll().Features);
    }

    [Fact]
    public void ReadBatches_KeysAndAskedColumns_AreCarriedAlong()
    {
        (string path, PreparedData data) = Learn();
        Assert.Equal(["id", "name"], data.Encoder.Keys);

        using RowStream keys = RowStream.Open(path, data.Encoder);
        using RowStream asked = RowStream.Open(path, data.Encoder, new RowStreamOptions { Keep = ["COLOUR", "id"] });
        using RowStream all = RowStream.Open(path, data.Encoder, new RowStreamOptions { Keep = [RowStreamOptions.AllColumns] });

        Assert.Equal(["id", "name"], keys.KeptColumns.Select(column => column.Name));
        Assert.Equal(["id", "name", "colour"], asked.KeptColumns.Select(column => column.Name));
        Assert.Equal(["id", "name", "colour", "part", "when", "truth", "y"], all.KeptColumns.Select(column => column.Name));
        RowBatch batch = Assert.Single(asked.ReadBatches());
        Assert.Equal(["0", "n0", "red"], batch.Kept.Select(values => values[0]));
    }

    [Fact]
    public void ReadBatches_HeaderlessModel_TakesHeaderlessRows()
    {
        string path = _folder.WriteLines("a.csv", Enumerable.Range(0, 60).Select(i => $"{i * 17 % 60 / 4.0},{i * 13 % 60},{i * 7 % 60 / 2.0}"));
        PreparedData data = DataPreparation.Prepare(path);

        using RowStream stream = RowStream.Open(path, data.Encoder, new RowStreamOptions { WithTarget = true });

        Assert.Equal(60, stream.ReadAll().Count);
    }

    [Fact]
    public void ReadBatches_DecimalCommas_AreRead()
    {
        (_, PreparedData data) = Learn();
        using RowStream comma = RowStream.Open(_folder.Write("1.csv", "colour;part;when;truth\nred;1,5;31/12/2020;true\n"), data.Encoder);
        using RowStream point = RowStream.Open(_folder.Write("2.csv", "colour,part,when,truth\nred,1.5,31/12/2020,true\n"), data.Encoder);

        Assert.Equal(point.ReadAll().Features, comma.ReadAll().Features);
    }

    [Theory]
    [InlineData("colour,when,truth\nred,31/12/2020,true\n", "'new.csv' must have a column 'part', which the model was trained on; the columns are 'colour', 'when', 'truth'.")]
    [InlineData("colour,prat,when,truth\nred,1,31/12/2020,true\n", "; the columns are 'colour', 'prat', 'when', 'truth'.")]
    [InlineData("colour,part,when,truth\nred,1,31/12/2020,true\nred,abc,31/12/2020,true\n", "'new.csv', line 3, must hold a number in column 'part', or be empty; it holds 'abc'.")]
    [InlineData("colour,part,when,truth\nred,1,yesterday,true\n", "'new.csv', line 2, must hold a date in column 'when', or be empty; it holds 'yesterday'.")]
    [InlineData("colour,part,when,truth\nred, ? ,NA,null\nred,1,31/12/2020,x\n", "'new.csv', line 3, must hold true or false in column 'truth'")]
    [InlineData("colour,part,when,truth\nred,1,31/12/2020,perhaps\n", "'new.csv', line 2, must hold true or false in column 'truth', or be empty; it holds 'perhaps'.")]
    [InlineData("colour,part,when,truth\nred,1,31/12/2020,true\n\nred,inf,31/12/2020,true\n", "'new.csv', line 4, must hold a finite number in column 'part'")]
    [InlineData("colour,part,when,truth\nred,1,31/12/2020,true\nred,1,31/12/2020\n", "'new.csv', line 3, must have 4 fields as the first line has; it has 3.")]
    [InlineData("colour,part,when,truth\n", "'new.csv' must hold rows; it holds none.")]
    [InlineData("", "'new.csv' must hold rows; it is empty.")]
    public void Open_RowsThatDoNotFit_AreRefusedWithOneSentence(string content, string expected)
    {
        (_, PreparedData data) = Learn();
        string path = _folder.Write("new.csv", content);

        UserErrorException error = Assert.Throws<UserErrorException>(() =>
        {
            using RowStream stream = RowStream.Open(path, data.Encoder);
            stream.ReadAll();
        });
        Assert.Contains(expected, error.Message.Replace(_folder.FullName + Path.DirectorySeparatorChar, ""));
    }

    [Fact]
    public void Open_ColumnOfAnotherType_IsRefused()
    {
        (_, PreparedData data) = Learn();
        string path = _folder.Copy("a.parquet", "SELECT 'red' AS colour, [1, 2] AS part, DATE '2020-01-01' AS \"when\", TRUE AS truth");

        Assert.Contains(
            "must hold a number in each row; it holds INTEGER[].",
            Assert.Throws<UserErrorException>(() => RowStream.Open(path, data.Encoder)).Message);
    }

    [Fact]
    public void Open_NoTargetWhereItIsAskedFor_IsRefused()
    {
        (_, PreparedData data) = Learn();
        string path = _folder.Write("new.csv", "colour,part,when,truth\nred,1.5,31/12/2020,true\n");

        Assert.Contains(
            "must have a column 'y', the target; the columns are",
            Assert.Throws<UserErrorException>(() => RowStream.Open(path, data.Encoder, new RowStreamOptions { WithTarget = true })).Message);
    }

    [Fact]
    public void ReadBatches_Digits_EncodesAsTheEncoderDidInEachForm()
    {
        PreparedData data = DataPreparation.Prepare(null);
        using Stream resource = EmbeddedDigits.Open();
        using MemoryStream copy = new();
        resource.CopyTo(copy);
        RowStreamOptions options = new() { WithTarget = true, BatchRows = 500 };

        using RowStream embedded = RowStream.Open(null, data.Encoder, options), file = RowStream.Open(_folder.Write("digits.csv", copy.ToArray()), data.Encoder, options);
        EncodedRows expected = data.Encoder.Encode(data.Source, [.. Enumerable.Range(0, 1797)]), first = embedded.ReadAll(), second = file.ReadAll();

        Assert.Equal(expected.Features, first.Features);
        Assert.Equal(expected.Features, second.Features);
        Assert.Equal(expected.Targets, first.Targets);
        Assert.Equal(expected.Targets, second.Targets);
        Assert.Equal([1, 8, 8], second.Shape);
    }

    [Fact]
    public void ReadBatches_Idx_EncodesAsTheEncoderDid()
    {
        _folder.WriteGzip("t10k-images-idx3-ubyte.gz", TempFolder.Idx([60, 3, 2], [.. Enumerable.Range(0, 360).Select(i => (byte)i)]));
        _folder.Write("t10k-labels-idx1-ubyte", TempFolder.Idx([60], [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 4))]));
        PreparedData data = DataPreparation.Prepare(_folder.FullName);
        EncodedRows expected = data.Encoder.Encode(data.Source, [.. Enumerable.Range(0, 60)]);

        using RowStream folder = RowStream.Open(_folder.FullName, data.Encoder, new RowStreamOptions { WithTarget = true, BatchRows = 13 });
        using RowStream file = RowStream.Open(_folder.PathOf("t10k-images-idx3-ubyte.gz"), data.Encoder);

        EncodedRows all = folder.ReadAll();
        Assert.Equal(expected.Features, all.Features);
        Assert.Equal(expected.Targets, all.Targets);
        Assert.Equal(expected.Features, file.ReadAll().Features);
    }

    [Fact]
    public void Open_ImagesForATableModelAndTheOtherWay_AreRefused()
    {
        (string table, PreparedData points) = Learn();
        PreparedData digits = DataPreparation.Prepare(null);
        _folder.Write("t10k-images-idx3-ubyte", TempFolder.Idx([6, 3, 2], new byte[36]));

        Assert.Contains("it holds images.", Assert.Throws<UserErrorException>(() => RowStream.Open(_folder.FullName, points.Encoder)).Message);
        Assert.Contains("must be of 8×8 pixels, as the model was trained on; they are of 3×2.", Assert.Throws<UserErrorException>(() => RowStream.Open(_folder.FullName, digits.Encoder)).Message);
        Assert.Contains("columns named pixel_0_0 to pixel_7_7; it holds neither.", Assert.Throws<UserErrorException>(() => RowStream.Open(table, digits.Encoder)).Message);
    }

    [Fact]
    public void ReadBatches_ManyRows_ReadsNoMoreThanIsAskedFor()
    {
        // Fewer than 40 features a row: three batches take less than 0.5 MB, their raw values and growing lists a few times that; all rows take 16 MB.
        (_, PreparedData data) = Learn();
        string path = _folder.Copy("a.parquet", "SELECT 'red' AS colour, range / 7 AS part, DATE '2020-01-01' AS \"when\", TRUE AS truth FROM range(100000)");
        using RowStream stream = RowStream.Open(path, data.Encoder, new RowStreamOptions { BatchRows = 1024 });

        long before = GC.GetAllocatedBytesForCurrentThread();
        int rows = stream.ReadBatches().Take(3).Sum(batch => batch.Rows.Count);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(3 * 1024, rows);
        Assert.True(allocated < 4 << 20, $"{allocated} bytes were allocated.");
    }

    private (string Path, PreparedData Data) Learn()
    {
        string[] colours = ["red", "green", "blue", "NA"];
        string path = _folder.WriteLines("learn.csv", Enumerable.Range(0, 100)
            .Select(i => $"{i},n{i},{colours[i % 4]},{(i % 9 == 0 ? "" : TempFolder.Text(i * 17 % 100 / 4.0))},{1 + (i % 28):00}/{1 + (i % 12):00}/{2019 + (i % 3)},{(i % 5 < 2 ? "true" : "false")},{TempFolder.Text(i * 7 % 100 / 2.0)}")
            .Prepend("id,name,colour,part,when,truth,y"));
        return (path, DataPreparation.Prepare(path, new DatasetOptions { Target = "y" }));
    }
}
