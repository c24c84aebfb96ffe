using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Tests.Data;

/// <summary>Each mistake is refused with one sentence that names the file, and the line or column.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_MissingFile_SaysThatThereIsNone() => Refuses(_folder.PathOf("no.csv"), "'no.csv' must be a file");

    [Fact]
    public void Read_GlobWithoutMatch_SaysThatItMatchesNone() => Refuses(_folder.PathOf("*.csv"), "'*.csv' must match a file; it matches none.");

    [Theory]
    [InlineData("empty.csv")]
    [InlineData("empty.parquet")]
    [InlineData("empty.jsonl")]
    public void Read_EmptyFile_SaysThatItIsEmpty(string name) => Refuses(_folder.Write(name, ""), $"'{name}' must hold rows; it is empty.");

    [Fact]
    public void Read_HeaderOnly_SaysThatThereAreNoRows() => Refuses(_folder.Write("a.csv", "a,b,y\n"), "'a.csv' must hold rows");

    [Fact]
    public void Read_ShortRow_NamesTheLine() =>
        Refuses(Rows("a.csv", 50, (38, "5,6")), "'a.csv', line 40, must have 3 fields as the first line has; it has 2.");

    [Fact]
    public void Read_LongRow_NamesTheLine() =>
        Refuses(Rows("a.csv", 50, (0, "5,6,7,8")), "'a.csv', line 2, must have 3 fields as the first line has; it has 4.");

    [Fact]
    public void Read_ShortRowFarDown_NamesTheLine() => Refuses(Rows("a.csv", 25_000, (24_000, "5,6")), "'a.csv', line 24002, must have 3 fields");

    [Fact]
    public void Read_QuoteThatDoesNotEnd_NamesTheLine() => Refuses(Rows("a.csv", 20, (10, "5,6,\"x")), "'a.csv', line 12, must close every quote");

    [Theory]
    [InlineData(20, 7)]
    [InlineData(30_000, 25_000)]
    public void Read_TextAmongNumbers_NamesLineAndColumn(int rows, int at) => Refuses(
        Rows("a.csv", rows, (at, "5,abc,7")),
        $"'a.csv', line {at + 2}, must hold a number in column 'b', as {rows - 1} of {rows} rows do, or be empty; it holds 'abc'");

    [Fact]
    public void Read_TextAmongNumbersAfterBlankAndQuotedLines_NamesTheLineOfTheFile() => Refuses(
        _folder.Write("a.csv", "a,b,y\n\n1,\"two\nlines\",3\n4,x,6\n1,x,2\n1,x,2\n1,x,2\n1,x,2\nabc,x,6\n"),
        "'a.csv', line 10, must hold a number in column 'a'");

    [Fact]
    public void Read_TextAmongNumbersInSecondFile_NamesThatFile()
    {
        Rows("1.csv", 20);
        Rows("2.csv", 20, (3, "5,abc,7"));
        Refuses(_folder.PathOf("*.csv"), "2.csv', line 5, must hold a number in column 'b'");
    }

    [Fact]
    public void Read_TextAmongNumbersOfJson_NamesRowAndColumn() => Refuses(
        _folder.WriteLines("a.jsonl", Enumerable.Range(0, 20).Select(i => $$"""{"a":{{(i == 4 ? "\"abc\"" : i)}},"y":1}""")),
        "'a.jsonl', row 5, must hold a number in column 'a'");

    [Theory]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    [InlineData("1e999")]
    public void Read_InfiniteValue_NamesLineAndColumn(string value) =>
        Refuses(Rows("a.csv", 20, (5, $"5,{value},7")), "'a.csv', line 7, must hold a finite number in column 'b'");

    [Fact]
    public void Read_InfiniteValueInParquet_NamesRowAndColumn() => Refuses(
        _folder.Copy("a.parquet", "SELECT CASE WHEN range = 3 THEN 'inf'::DOUBLE ELSE range END AS a, range AS y FROM range(20)"),
        "'a.parquet', row 4, must hold a finite number in column 'a'");

    [Fact]
    public void Read_SameNameTwice_NamesIt() => Refuses(_folder.Write("a.csv", "a,b,A\n1,2,3\n"), "'a.csv' must have columns of different names, whatever their case; line 1 names 'A' twice.");

    [Fact]
    public void Read_NotUtf8_SaysSo() => Refuses(_folder.Write("a.csv", [.. "a,b\n1,caf"u8, 0xE9, .. "\n2,x\n"u8]), "must be text in UTF-8");

    [Fact]
    public void Read_NotGzipByContent_SaysSo() => Refuses(_folder.Write("a.csv.gz", "a,b\n1,2\n"), "'a.csv.gz' must be a gzip file, as its name says");

    [Fact]
    public void Read_GzipCutAnywhere_SaysThatItEndsEarly()
    {
        byte[] whole = TempFolder.Gzip([.. string.Join('\n', Enumerable.Range(0, 500).Select(i => $"{i},{i * i % 97},{i % 7}")).ToArray().Select(c => (byte)c)]);
        for (int length = 3; length < whole.Length; length += 61)
        {
            Refuses(_folder.Write("a.csv.gz", whole[..length]), "'a.csv.gz' must be a whole gzip file; it is damaged or ends early.");
        }

        Refuses(_folder.Write("a.csv.gz", whole[..^1]), "'a.csv.gz' must be a whole gzip file; it is damaged or ends early.");
    }

    [Fact]
    public void Read_ZstdCutAnywhere_SaysThatItEndsEarly()
    {
        byte[] whole = File.ReadAllBytes(_folder.Copy("a.csv.zst", "SELECT range AS a, random() AS b, range % 3 AS y FROM range(3000)"));
        for (int length = 4; length < whole.Length; length += 2003)
        {
            Refuses(_folder.Write("a.csv.zst", whole[..length]), "'a.csv.zst' must be a whole zstd file; it is damaged or ends early.");
        }

        Refuses(_folder.Write("a.csv.zst", whole[..^1]), "'a.csv.zst' must be a whole zstd file; it is damaged or ends early.");
    }

    [Fact]
    public void Read_NotParquetByContent_SaysSo() => Refuses(_folder.Write("a.parquet", "a,b\n1,2\n"), "'a.parquet' must be a Parquet file");

    [Fact]
    public void Read_ParquetCut_NamesTheFile()
    {
        byte[] whole = File.ReadAllBytes(_folder.Copy("a.parquet", "SELECT range AS a, range % 3 AS y FROM range(3000)"));
        Refuses(_folder.Write("a.parquet", whole[..(whole.Length / 2)]), "'a.parquet' must be readable as a table");
    }

    [Fact]
    public void Read_BrokenJson_NamesThePlace() => Refuses(_folder.Write("a.jsonl", "{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":\n"), "must be JSON");

    [Fact]
    public void Read_JsonOfNoObjects_SaysThatThereAreNoColumns() => Refuses(_folder.Write("a.json", "[[1,2],[3,4]]"), "'a.json' must hold rows of columns");

    [Fact]
    public void Read_FolderWithoutImages_SaysWhatItMustHold() => Refuses(_folder.FullName, "must hold IDX files");

    [Fact]
    public void Read_NameWithQuotesAndSql_IsOnlyAName() =>
        Refuses(_folder.PathOf("x'); DROP TABLE y; --*.csv"), "must match a file; it matches none.");

    [Fact]
    public void Prepare_NoSuchTarget_SuggestsNearNames() =>
        Refuses(Rows("a.csv", 50), "Target must be a column of 'a.csv'; received 'Y2'; did you mean 'y'?", new() { Target = "Y2" });

    [Fact]
    public void Prepare_TargetWithExchangedLetters_SuggestsTheColumn() => Refuses(
        _folder.WriteLines("a.csv", Enumerable.Range(0, 50).Select(i => $"{i},{i}").Prepend("a,part")), "did you mean 'part'?", new() { Target = "prat" });

    [Fact]
    public void Prepare_NoSuchTargetNorNearName_ListsTheColumns() =>
        Refuses(Rows("a.csv", 50), "; the columns are 'a', 'b', 'y'.", new() { Target = "temperature" });

    [Fact]
    public void Prepare_OneClass_NamesIt() => Refuses(
        _folder.WriteLines("a.csv", Enumerable.Range(0, 50).Select(i => $"{i * i},yes").Prepend("a,y")),
        "Target column 'y' of 'a.csv' must have at least 2 classes; every row has 'yes'.");

    [Fact]
    public void Prepare_OneNumberAsRegressionTarget_NamesIt() => Refuses(
        _folder.WriteLines("a.csv", Enumerable.Range(0, 50).Select(i => $"{i * i},3").Prepend("a,y")),
        "Target column 'y' of 'a.csv' must vary; it is 3", new() { Task = LearningTask.Regression });

    [Fact]
    public void Prepare_AllTargetsMissing_SaysSo() => Refuses(
        _folder.WriteLines("a.csv", Enumerable.Range(0, 50).Select(i => $"{i * i},NA").Prepend("a,y")),
        "Target column 'y' of 'a.csv' must have values; all 50 rows miss it.");

    [Fact]
    public void Prepare_TextAsRegressionTarget_NamesTheLine() => Refuses(
        _folder.WriteLines("a.csv", Enumerable.Range(0, 50).Select(i => $"{i * i},{(i % 2 == 0 ? "cat" : "dog")}").Prepend("a,y")),
        "Target column 'y' must hold finite numbers for regression; 'a.csv', line 2, holds 'cat'.", new() { Task = LearningTask.Regression });

    [Fact]
    public void Prepare_DatesAsTarget_SaysSo() => Refuses(
        _folder.WriteLines("a.csv", Enumerable.Range(1, 50).Select(i => $"{i * i},2020-01-{1 + i % 28:00}").Prepend("a,y")),
        "must hold numbers or classes; it holds dates.");

    [Fact]
    public void Prepare_AsManyClassesAsRows_SaysSo() => Refuses(
        _folder.WriteLines("a.csv", Enumerable.Range(0, 50).Select(i => $"{i * i},name{i}").Prepend("a,y")), "it has 50 classes in 50 rows.");

    [Fact]
    public void Prepare_TooFewRows_SaysHowManyAreNeeded() =>
        Refuses(_folder.Write("a.csv", "a,y\n1.5,2\n2.5,3\n"), "At least 2 rows to learn from, 1 to validate and 1 to test must be there; received 2 rows in all.", new() { Task = LearningTask.Regression });

    [Fact]
    public void Prepare_NoColumnLeft_SaysWhy() => Refuses(
        _folder.WriteLines("a.csv", Enumerable.Range(0, 50).Select(i => $"{i},7,{i % 2}").Prepend("id,a,y")),
        "must have a column to learn from beside 'y'; none is left: Column 'id' was left out: it only numbers the rows. Column 'a' was left out");

    [Fact]
    public void Read_TargetLeftOut_SaysSo() => Refuses(Rows("a.csv", 50), "Target must not be a column that is left out", new() { Target = "y", Ignore = ["Y"] });

    [Fact]
    public void Read_IgnoreOfNoColumn_SuggestsNearNames() => Refuses(Rows("a.csv", 50), "it has no 'bb'; did you mean 'b'?", new() { Ignore = ["bb"] });

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Prepare_TrainRowsBeyondWhatIsThere_SaysHowMany(int trainRows) =>
        Refuses(Rows("a.csv", 50), $"Train rows must be in [2, 40], from one a class to all that the test part leaves; received {trainRows}.", new() { TrainRows = trainRows, Task = LearningTask.Regression });

    [Theory]
    [InlineData(0, 0.2, "Validation share must be in (0, 1); received 0.")]
    [InlineData(0.2, 1, "Test share must be in (0, 1); received 1.")]
    [InlineData(0.2, double.NaN, "Test share must be in (0, 1); received NaN.")]
    [InlineData(0.5, 0.5, "Validation and test shares must leave rows to learn from; received 0.5 and 0.5.")]
    public void Prepare_BadShares_NamesThem(double validation, double test, string expected) =>
        Refuses(Rows("a.csv", 50), expected, new() { ValidationShare = validation, TestShare = test });

    private string Rows(string name, int count, params (int At, string Line)[] bad)
    {
        string[] lines = [.. Enumerable.Range(0, count).Select(i => $"{i * 37 % 101},{i * 11 % 13},{i * 7 % 53}")];
        foreach ((int at, string line) in bad)
        {
            lines[at] = line;
        }

        return _folder.WriteLines(name, lines.Prepend("a,b,y"));
    }

    private void Refuses(string path, string expected, DatasetOptions? options = null)
    {
        UserErrorException error = Assert.Throws<UserErrorException>(() => DataPreparation.Prepare(path, options));
        string message = error.Message.Replace(_folder.FullName + Path.DirectorySeparatorChar, "");
        Assert.Contains(expected, message);
        Assert.DoesNotContain('\n', message);
    }
}
