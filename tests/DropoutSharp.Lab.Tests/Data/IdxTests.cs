using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_TrainAndTestParts_KeepsTheTestPart(bool gzip)
    {
        Put("train-", 40, gzip);
        Put("t10k-", 10, gzip);

        Dataset dataset = DatasetReader.Read(_folder.FullName);
        PreparedData data = DataPreparation.Prepare(dataset, new DatasetOptions());

        Assert.Equal(50, dataset.RowCount);
        Assert.Equal(40, dataset.TestStart);
        Assert.Equal([1, 3, 2], data.Train.Shape);
        Assert.Equal(Enumerable.Range(40, 10), data.Test.RowNumbers);
        Assert.Equal(["0", "1", "2", "3"], data.Classes);
        Assert.Equal([.. Enumerable.Range(0, 6).Select(i => i / 255f)], data.Test.Features[..6]);
        Assert.Equal(0, data.Test.Targets[0]);
    }

    [Fact]
    public void Read_TestPartAlone_IsOneSetToSplit()
    {
        Put("t10k-", 60);

        PreparedData data = DataPreparation.Prepare(_folder.FullName);

        Assert.Equal(12, data.Test.Count);
        Assert.Equal(60, data.Test.Count + data.Train.Count + data.Validation.Count);
    }

    [Fact]
    public void Read_FileOfImages_TakesTheLabelsBesideIt()
    {
        Put("train-", 20);
        Put("t10k-", 7, gzip: true);

        Assert.Equal(7, DatasetReader.Read(_folder.PathOf("t10k-images-idx3-ubyte.gz")).RowCount);
    }

    [Fact]
    public void Prepare_TrainRows_TakesValidationFromTheRest()
    {
        Put("train-", 400);
        Put("t10k-", 100);

        PreparedData data = DataPreparation.Prepare(_folder.FullName, new DatasetOptions { TrainRows = 80 });

        Assert.Equal(80, data.Train.Count);
        Assert.Equal(60, data.Validation.Count);
        Assert.Equal(100, data.Test.Count);
        Assert.Empty(data.Train.RowNumbers.Intersect(data.Validation.RowNumbers));
        Assert.All([0, 1, 2, 3], digit => Assert.Equal(20, data.Train.Targets.Count(target => target == digit)));
    }

    [Fact]
    public void Prepare_AllTrainRows_TakesValidationOutOfThem()
    {
        Put("train-", 400);
        Put("t10k-", 100);

        PreparedData data = DataPreparation.Prepare(_folder.FullName, new DatasetOptions { TrainRows = 400 });

        Assert.Equal(340, data.Train.Count);
        Assert.Equal(60, data.Validation.Count);
    }

    [Fact]
    public void Read_CutImages_SaysThatTheFileEnds()
    {
        Put("train-", 20);
        string path = _folder.PathOf("train-images-idx3-ubyte");
        byte[] whole = File.ReadAllBytes(path);
        foreach (int length in new[] { 1, 4, 9, 15, 16, 17, whole.Length - 1 })
        {
            File.WriteAllBytes(path, whole[..length]);
            Refuses("train-images-idx3-ubyte' must");
        }

        File.WriteAllBytes(path, []);
        Refuses("must be an IDX file; it is empty.");
    }

    [Fact]
    public void Read_CutGzip_SaysThatItEndsEarly()
    {
        Put("train-", 200, gzip: true);
        string path = _folder.PathOf("train-images-idx3-ubyte.gz");
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 2; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(path, whole[..length]);
            Refuses("train-images-idx3-ubyte.gz' must");
        }

        File.WriteAllBytes(path, whole[..^1]);
        Refuses("must be a whole gzip file; it is damaged or ends early.");
    }

    [Fact]
    public void Read_GzipOfSeveralMembers_ReadsAll()
    {
        Put("train-", 20);
        byte[] plain = File.ReadAllBytes(_folder.PathOf("train-images-idx3-ubyte"));
        File.Delete(_folder.PathOf("train-images-idx3-ubyte"));
        _folder.Write("train-images-idx3-ubyte.gz", [.. TempFolder.Gzip(plain[..50]), .. TempFolder.Gzip(plain[50..])]);

        Assert.Equal(20, DatasetReader.Read(_folder.FullName).RowCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_MoreBytesThanTheHeadSays_IsRefused(bool gzip)
    {
        Put("train-", 20, gzip, extra: 1);
        Refuses("must end after 20 items of 6 bytes, as its head says; more bytes follow.");
    }

    [Fact]
    public void Read_LabelsAndImagesOfDifferentCounts_NamesBoth()
    {
        Put("train-", 20);
        _folder.Write("train-labels-idx1-ubyte", TempFolder.Idx([19], new byte[19]));
        Refuses("train-labels-idx1-ubyte' must hold a label for each of the 20 images");
    }

    [Fact]
    public void Read_NoLabels_SaysWhereTheyMustLie()
    {
        Put("train-", 20);
        File.Delete(_folder.PathOf("train-labels-idx1-ubyte"));
        Refuses("must lie beside it");
    }

    [Fact]
    public void Read_LabelsForImages_NamesTheMagic()
    {
        Put("train-", 20);
        File.Copy(_folder.PathOf("train-labels-idx1-ubyte"), _folder.PathOf("train-images-idx3-ubyte"), overwrite: true);
        Refuses("so start with 00 00 08 03; it starts with 00 00 08 01.");
    }

    [Fact]
    public void Read_PartsOfDifferentSizes_NamesThem()
    {
        Put("train-", 20);
        Put("t10k-", 20);
        _folder.Write("t10k-images-idx3-ubyte", TempFolder.Idx([20, 2, 3], new byte[120]));
        Refuses("must be of one size; received 3×2 and 2×3.");
    }

    [Fact]
    public void Read_TwoSets_NamesThem()
    {
        Put("a-train-", 20);
        Put("b-train-", 20);
        Refuses("must hold one set of IDX images; it holds 'a-train-images-idx3-ubyte' and 'b-train-images-idx3-ubyte'.");
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 8, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 3, 0, 0, 0, 2 })]
    [InlineData(new byte[] { 0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 2 })]
    [InlineData(new byte[] { 0, 0, 8, 3, 0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0, 0, 8, 3, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 0, 0, 0, 1 })]
    public void Read_SizesThatCannotBe_AreRefusedWithoutReadingOn(byte[] head)
    {
        Put("train-", 20);
        _folder.Write("train-images-idx3-ubyte", head);
        _folder.Write("train-labels-idx1-ubyte", [0, 0, 8, 1, .. head[4..8]]);
        Refuses("must");
    }

    [Fact]
    public void Prepare_TestClassThatTrainingLacks_LeavesThoseRowsOut()
    {
        Put("train-", 40);
        Put("t10k-", 10);
        _folder.Write("t10k-labels-idx1-ubyte", TempFolder.Idx([10], [0, 1, 2, 3, 9, 9, 0, 1, 2, 3]));

        PreparedData data = DataPreparation.Prepare(_folder.FullName);

        Assert.Equal(8, data.Test.Count);
        Assert.Contains("2 test rows were left out, because no training row has their class.", data.Notes);
    }

    [Fact]
    public void Prepare_Mnist_Gives10000TestRowsAnd5000ToLearnFrom()
    {
        string path = SharedData.Require("mnist");

        PreparedData data = DataPreparation.Prepare(path, new DatasetOptions { TrainRows = 5000 });

        Assert.Equal(5000, data.Train.Count);
        Assert.Equal(5000, data.Validation.Count);
        Assert.Equal(10_000, data.Test.Count);
        Assert.Equal(60_000, data.Test.RowNumbers[0]);
        Assert.Equal([1, 28, 28], data.Train.Shape);
        Assert.Equal(7, data.Test.Targets[0]);
        Assert.Equal(0.1307f, data.Train.Features.Average(), 0.01f);
    }

    [Fact]
    public void Prepare_NotMnist_IsOneSetToSplit()
    {
        PreparedData data = DataPreparation.Prepare(SharedData.Require("notmnist"));

        Assert.Equal(2000, data.Test.Count);
        Assert.Equal(10, data.Classes.Count);
    }

    private void Put(string prefix, int count, bool gzip = false, int extra = 0)
    {
        byte[] images = TempFolder.Idx([count, 3, 2], [.. Enumerable.Range(0, count * 6 + extra).Select(i => (byte)i)]);
        byte[] labels = TempFolder.Idx([count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 4))]);
        if (gzip)
        {
            _folder.WriteGzip($"{prefix}images-idx3-ubyte.gz", images);
            _folder.WriteGzip($"{prefix}labels-idx1-ubyte.gz", labels);
        }
        else
        {
            _folder.Write($"{prefix}images-idx3-ubyte", images);
            _folder.Write($"{prefix}labels-idx1-ubyte", labels);
        }
    }

    private void Refuses(string expected)
    {
        UserErrorException error = Assert.Throws<UserErrorException>(() => DatasetReader.Read(_folder.FullName));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
