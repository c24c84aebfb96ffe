using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Tests.Data;

public sealed class TableReadingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Csv_FindsTheKindOfEachColumn()
    {
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", """"
            whole,part,truth,text,date,time,y
            1,0.5,true,red,2020-01-02,2020-01-02 03:04:05,2
            2,,FALSE,"a, ""b""",2021-05-06,2021-01-02 00:00:00,3
            NA,?,,  blue ,,,4

            """"));

        Assert.Equal([1, 2, double.NaN], Numbers(data, "whole"));
        Assert.Equal([0.5, double.NaN, double.NaN], Numbers(data, "part"));
        Assert.Equal(["true", "false", ""], Texts<BooleanColumn>(data, "truth"));
        Assert.Equal(["red", "a, \"b\"", "blue"], Texts<TextColumn>(data, "text"));
        Assert.Equal(["2020-01-02", "2021-05-06", ""], Texts<TimeColumn>(data, "date"));
        Assert.Equal(["2020-01-02 03:04:05", "2021-01-02", ""], Texts<TimeColumn>(data, "time"));
        Assert.Equal("a.csv", data.Name);
    }

    [Theory]
    [InlineData("csv", "a,b\n1,x\n2,y\n")]
    [InlineData("csv", "a;b\n1;x\n2;y\n")]
    [InlineData("csv", "a|b\n1|x\n2|y\n")]
    [InlineData("txt", "a b\n1 x\n2 y\n")]
    [InlineData("tsv", "a\tb\n1\tx\n2\ty\n")]
    [InlineData("txt", "a\tb\r\n1\tx\r\n2\ty\r\n")]
    [InlineData("csv", "\uFEFFa,b\n1,x\n2,y\n")]
    [InlineData("csv", "\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"y\"\n")]
    [InlineData("csv", "a, b\n1, x\n\n2, y")]
    [InlineData("json", """[{"a":1,"b":"x"},{"a":2,"b":"y"}]""")]
    [InlineData("jsonl", "{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\",\"a\":2}\n")]
    [InlineData("data", "{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\",\"a\":2}\n")]
    public void Read_EachWayOfWriting_GivesTheSame(string extension, string content)
    {
        Dataset data = DatasetReader.Read(_folder.Write($"a.{extension}", content));

        Assert.Equal([1, 2], Numbers(data, "a"));
        Assert.Equal(["x", "y"], Texts<TextColumn>(data, "b"));
    }

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.csv.gz")]
    [InlineData("a.csv.zst")]
    [InlineData("a.tsv.gz")]
    [InlineData("a.jsonl")]
    [InlineData("a.json.gz")]
    [InlineData("a.jsonl.zst")]
    [InlineData("a.parquet")]
    public void Read_EachFormatAndCompression_GivesTheSame(string name)
    {
        Dataset data = DatasetReader.Read(_folder.Copy(name, "SELECT range AS a, range / 4 AS b, 'l' || range % 3 AS c, DATE '2020-01-01' + range::INT AS d FROM range(500)"));

        Assert.Equal(Enumerable.Range(0, 500).Select(i => (double)i), Numbers(data, "a"));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => i / 4.0), Numbers(data, "b"));
        Assert.Equal("l1", data.Find("c")!.Format(4));
        Assert.Equal("2020-01-05", data.Find("d")!.Format(4));
    }

    [Fact]
    public void Read_Glob_ReadsFilesInTheOrderOfTheirNames()
    {
        _folder.Write("2.csv", "a,b\n3,z\n");
        _folder.Write("1.csv", "a,b\n1,x\n2.5,y\n");

        Dataset data = DatasetReader.Read(_folder.PathOf("*.csv"));

        Assert.Equal([1, 2.5, 3], Numbers(data, "a"));
        Assert.Equal("*.csv", data.Name);
    }

    [Fact]
    public void Read_GlobOfFilesWithOtherColumns_IsRefused()
    {
        _folder.Write("1.csv", "a,b\n1,x\n");
        _folder.Write("2.csv", "a,c\n3,z\n");

        Assert.Contains("must have the same columns", Assert.Throws<UserErrorException>(() => DatasetReader.Read(_folder.PathOf("*.csv"))).Message);
    }

    [Theory]
    [InlineData("we'ird.csv")]
    [InlineData("a[1].csv")]
    [InlineData("a*b?.csv")]
    [InlineData("x'); DROP TABLE y; --.csv")]
    public void Read_NameWithSpecialCharacters_IsTakenAsItIs(string name)
    {
        _folder.Write("a1.csv", "a,b\n9,x\n");
        _folder.Write("axb1.csv", "a,b\n9,x\n");

        Assert.Equal([1], Numbers(DatasetReader.Read(_folder.Write(name, "a,b\n1,x\n")), "a"));
    }

    [Fact]
    public void Read_ColumnsNamedLikeSql_AreTakenAsTheyAre()
    {
        const string Name = "a\"; DROP TABLE x; --'";
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", $"\"{Name.Replace("\"", "\"\"")}\",'b',select\n1,2,3\n"));

        Assert.Equal([Name, "'b'", "select"], data.Columns.Select(column => column.Name));
        Assert.Equal([1], Numbers(data, Name));
    }

    [Fact]
    public void Read_NoHeader_NumbersTheColumns()
    {
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", "1,2.5,x\n2,3.5,y\n"));

        Assert.Equal(["column0", "column1", "column2"], data.Columns.Select(column => column.Name));
        Assert.Equal(2, data.RowCount);
        Assert.Equal(["Line 1 names no columns, so they are called column0 to column2."], data.Notes);
    }

    [Fact]
    public void Read_HeaderWithNumbersOverAColumnOfNumbers_IsAHeader()
    {
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", "2019,2020,price\n1,2,3\n4,5,NA\n"));

        Assert.Equal(["2019", "2020", "price"], data.Columns.Select(column => column.Name));
    }

    [Fact]
    public void Read_HeaderWithNumberThatHoldsTheTarget_IsAHeader()
    {
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", "2019,2020,y\n1,2,3\n"), new DatasetOptions { Target = "y" });

        Assert.Equal(["2019", "2020", "y"], data.Columns.Select(column => column.Name));
    }

    [Fact]
    public void Read_TypeThatChangesFarDown_IsFoundFromAllRows()
    {
        Dataset data = DatasetReader.Read(_folder.WriteLines("a.csv", Enumerable.Range(0, 25_000).Select(i => $"{(i < 24_000 ? i : i + 0.5):R},{(i < 22_000 ? "" : "x")}").Prepend("a,b")));

        Assert.Equal(24_000.5, Numbers(data, "a")[24_000]);
        Assert.Equal("x", data.Find("b")!.Format(24_000));
    }

    [Fact]
    public void Read_TimeOfDayFarDown_IsNotLost()
    {
        Dataset data = DatasetReader.Read(_folder.WriteLines("a.csv", Enumerable.Range(0, 25_000).Select(i => $"2020-01-{1 + i % 28:00}{(i < 24_000 ? "" : " 05:06:07")},{i}").Prepend("a,b")));

        Assert.Equal("2020-01-05 05:06:07", data.Find("a")!.Format(24_000));
    }

    [Fact]
    public void Read_FewNumbersAmongTexts_IsAColumnOfText()
    {
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", "ticket,y\nA/5 21171,1\n113803,2\nPC 17599,3\n"));

        Assert.Equal(["A/5 21171", "113803", "PC 17599"], Texts<TextColumn>(data, "ticket"));
    }

    [Fact]
    public void Read_CategoriesThatLookLikeNumbers_StayAsTheyAreWritten()
    {
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", "zip,y\n01234,1\n1234,2\nK1,3\n5,4\n6,5\n7,6\n"), new DatasetOptions { Categories = ["ZIP"] });

        Assert.Equal(["01234", "1234", "K1", "5", "6", "7"], Texts<TextColumn>(data, "zip"));
    }

    [Fact]
    public void Read_DecimalCommas_AreRead()
    {
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", "a;b\n1,5;10\n-2,25;20\n"));

        Assert.Equal([1.5, -2.25], Numbers(data, "a"));
    }

    [Fact]
    public void Read_DatesDayFirst_AreReadAndRemembered()
    {
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", "when,y\n31/12/2020,1\n01/02/2021,2\n"));

        Assert.Equal(["2020-12-31", "2021-02-01"], Texts<TimeColumn>(data, "when"));
        Assert.Equal("%d/%m/%Y", data.TimeFormats.Date);
    }

    [Fact]
    public void Read_TimeWithZone_IsInUtc()
    {
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", "when,y\n2020-01-01T05:00:00+02:00,1\n2020-01-01T05:00:00Z,2\n"));

        Assert.Equal(["2020-01-01 03:00:00", "2020-01-01 05:00:00"], Texts<TimeColumn>(data, "when"));
    }

    [Fact]
    public void Read_NestedValues_AreLeftOutWithAWord()
    {
        Dataset data = DatasetReader.Read(_folder.Write("a.jsonl", "{\"a\":1,\"l\":[1,2],\"s\":{\"q\":1}}\n{\"a\":2,\"l\":[],\"s\":{\"q\":2}}\n"));

        Assert.Equal(["a"], data.Columns.Select(column => column.Name));
        Assert.Equal(2, data.Notes.Count);
        Assert.Contains("Column 'l' was left out: it holds BIGINT[]", data.Notes[0]);
    }

    [Fact]
    public void Read_ParquetTypes_BecomeTheirKinds()
    {
        Dataset data = DatasetReader.Read(_folder.Copy("a.parquet", """
            SELECT 1.25::DECIMAL(10,2) AS d, 7::UTINYINT AS u, 'nan'::DOUBLE AS n, TRUE AS t, TIMESTAMP '2020-01-01 01:02:03.5' AS s,
            TIME '10:30:00' AS h, 'e'::ENUM('e','f') AS e, NULL::INTEGER AS x
            """));

        Assert.Equal([1.25], Numbers(data, "d"));
        Assert.Equal([7], Numbers(data, "u"));
        Assert.Equal([double.NaN], Numbers(data, "n"));
        Assert.Equal(["true"], Texts<BooleanColumn>(data, "t"));
        Assert.Equal(["2020-01-01 01:02:03.5"], Texts<TimeColumn>(data, "s"));
        Assert.Equal([10.5], Numbers(data, "h"));
        Assert.Equal(["e"], Texts<TextColumn>(data, "e"));
        Assert.Equal([double.NaN], Numbers(data, "x"));
    }

    [Fact]
    public void Read_DigitsAsAFile_GivesTheEmbeddedImages()
    {
        using Stream stream = EmbeddedDigits.Open();
        using MemoryStream copy = new();
        stream.CopyTo(copy);

        PreparedData file = DataPreparation.Prepare(_folder.Write("digits.csv", copy.ToArray())), embedded = DataPreparation.Prepare(null);

        Assert.Equal(embedded.Train.Features, file.Train.Features);
        Assert.Equal(embedded.Train.Targets, file.Train.Targets);
        Assert.Equal([1, 8, 8], file.Train.Shape);
        Assert.Equal(embedded.Source.Describe(7).Pixels, file.Source.Describe(7).Pixels);
    }

    [Theory]
    [InlineData("pixel_{0}_{1}", 0)]
    [InlineData("{0}x{1}", 1)]
    [InlineData("pixel{2}", 0)]
    public void Read_PixelColumns_BecomeImages(string name, int first)
    {
        var cells = Enumerable.Range(0, 16).Select(i => string.Format(null, name, (i / 4) + first, (i % 4) + first, i));
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", $"label,{string.Join(',', cells)}\n3,{string.Join(',', Enumerable.Range(0, 16))}\n"));

        Assert.Equal([1, 4, 4], data.Images!.Shape);
        Assert.Equal([.. Enumerable.Range(0, 16).Select(i => i / 15f)], data.Describe(0).Pixels!);
        Assert.Equal([3], Numbers(data, "label"));
    }

    [Fact]
    public void Describe_TableRow_GivesTextsWithoutTheTarget()
    {
        Dataset data = DatasetReader.Read(_folder.Write("a.csv", "a,b,y\n1.5,x,2\n,z,3\n"));

        Assert.Equal([new("a", ""), new("b", "z")], data.Describe(1, except: "y").Fields!);
    }

    [Theory]
    [InlineData("bostonHousing", 506, 13)]
    [InlineData("concrete", 1030, 8)]
    [InlineData("energy", 768, 8)]
    [InlineData("yacht", 308, 6)]
    public void Prepare_UciSetAsCsv_LearnsNumbersOfAllColumns(string name, int rows, int features)
    {
        string folder = SharedData.Require(Path.Combine("uci", name));
        char[] blanks = [' ', '\t'];
        string[][] lines = [.. File.ReadLines(Path.Combine(folder, "data.txt")).Select(line => line.Split(blanks, StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length > 0)];
        int[] columns = [.. File.ReadAllText(Path.Combine(folder, "index_features.txt")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(text => (int)double.Parse(text))];
        int target = (int)double.Parse(File.ReadAllText(Path.Combine(folder, "index_target.txt")));
        string path = _folder.WriteLines("uci.csv", lines
            .Select(fields => string.Join(',', columns.Append(target).Select(column => fields[column])))
            .Prepend(string.Join(',', columns.Select(column => $"x{column}").Append("y"))));

        PreparedData data = DataPreparation.Prepare(path, new DatasetOptions { Target = "y" });

        Assert.Equal(LearningTask.Regression, data.Task);
        Assert.Equal(rows, data.Train.Count + data.Validation.Count + data.Test.Count);
        Assert.Equal([features], data.Train.Shape);
        Assert.Equal(0, data.Train.Targets.Average(), 1e-5);
        Assert.Equal(1, data.Train.Targets.Average(value => (double)value * value), 1e-4);
    }

    private static double[] Numbers(Dataset data, string name) => Assert.IsType<NumberColumn>(data.Find(name)).Values.ToArray();

    private static string[] Texts<T>(Dataset data, string name)
        where T : DataColumn
    {
        T column = Assert.IsType<T>(data.Find(name));
        return [.. Enumerable.Range(0, data.RowCount).Select(column.Format)];
    }
}
