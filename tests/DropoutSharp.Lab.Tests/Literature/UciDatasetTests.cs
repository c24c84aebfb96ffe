using DropoutSharp.Lab.Literature;

namespace DropoutSharp.Lab.Tests.Literature;

public sealed class UciDatasetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("uci").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_AFolder_GivesRowsAndSplits()
    {
        Write();
        UciDataset data = UciDataset.Read(_folder);

        Assert.Equal([[1.0, 2], [4, 5], [7, 8]], data.Features);
        Assert.Equal([3.0, 6, 9], data.Targets);
        Assert.Equal([0, 2], Assert.Single(data.Splits).Train);
        Assert.True(UciDataset.IsAt(_folder));
    }

    [Theory]
    [InlineData("data.txt", "1 2 3\n4 five 6\n", "line 2: expected a finite number; found five.")]
    [InlineData("data.txt", "1 2 3\n4 5\n", "expected 3 columns in each row; found 2 in row 2.")]
    [InlineData("data.txt", "", "expected one row a sample; found none.")]
    [InlineData("index_test_0.txt", "3\n", "expected the number of a row, in [0, 2]; found 3.")]
    [InlineData("index_test_0.txt", "0\n", "must have training and test rows, and none that is both; found 2, 1 and 1.")]
    [InlineData("index_target.txt", "1\n2\n", "expected one target column and at least one feature column; found 2 and 2.")]
    public void Read_DamagedFile_SaysFileAndWhatWasExpected(string file, string content, string message)
    {
        Write();
        File.WriteAllText(Path.Combine(_folder, file), content);

        Assert.EndsWith(message, Assert.Throws<UserErrorException>(() => UciDataset.Read(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        Write();
        File.Delete(Path.Combine(_folder, "index_features.txt"));

        Assert.EndsWith("index_features.txt: there is no such file.", Assert.Throws<UserErrorException>(() => UciDataset.Read(_folder)).Message, StringComparison.Ordinal);
    }

    private void Write()
    {
        File.WriteAllText(Path.Combine(_folder, "data.txt"), "1 2 3\n 4\t5 6 \n7 8 9\n\n");
        File.WriteAllText(Path.Combine(_folder, "index_features.txt"), "0.000e+00\n1\n");
        File.WriteAllText(Path.Combine(_folder, "index_target.txt"), "2\n");
        File.WriteAllText(Path.Combine(_folder, "index_train_0.txt"), "0\n2\n");
        File.WriteAllText(Path.Combine(_folder, "index_test_0.txt"), "1\n");
    }
}
