using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Inference;

/// <summary>Products that all passes share, less what a pass drops, against the plain passes.</summary>
public sealed class ComplementTests : IDisposable
{
    private const int Passes = 12;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32, 3)]
    [InlineData(ScalarType.Float32, 128)]
    [InlineData(ScalarType.Float32, 129)] // more than are multiplied where the weights lie
    [InlineData(ScalarType.Float64, 3)]
    [InlineData(ScalarType.Float64, 129)]
    public void Stream_LowRatesOfDenseNetwork_GivesThePlainPasses(ScalarType type, int rows)
    {
        McDropout dropout = new(Dense(0.2, type));

        AssertAgree(dropout, Random([rows, 20], type));
        AssertAgree(dropout, Random([rows, 20], type), batch: 50);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(30)]
    public void Stream_RowsOfSeveralPositions_GivesThePlainPasses(int rows) =>
        AssertAgree(new McDropout(nn.Sequential(new Dropout(0.2, maskShape: [0, 1, 0], seed: 1), nn.Linear(20, 9))), Random([rows, 5, 20], ScalarType.Float32));

    [Fact]
    public void Stream_DroppedInputs_GivesThePlainPasses()
    {
        AssertAgree(new McDropout(nn.Sequential(new Dropout(0.1, seed: 1), nn.Linear(20, 9, hasBias: false))), Random([4, 20], ScalarType.Float32));
    }

    [Fact]
    public void Stream_DroppedMapsThatBecomeUnits_GivesThePlainPasses()
    {
        McDropout dropout = new(nn.Sequential(nn.Conv2d(2, 10, 3), new SpatialDropout2d(0.2, seed: 1), nn.Flatten(), nn.Linear(160, 9)));

        AssertClose(dropout, Random([4, 2, 6, 6], ScalarType.Float32), new(Passes, 3, IsSharedByRows: true)); // taken out before, not behind, what makes units of cells
    }

    [Fact]
    public void Probe_ManyPassesOfLowRate_CountsTheDroppedUnitsProducts()
    {
        McDropout dropout = new(nn.Sequential(new Dropout(0.2, seed: 1), nn.Linear(1000, 10)));
        Tensor input = zeros(2, 1000);
        int[] indices = new int[1000];
        int kept = McDropout.PassStream(1, 0, 0).FillKeptIndices(indices, 1000, new DropRate(0.2));

        Assert.Equal((10 * (1000 - kept)) + (10 * 1000 / 100), dropout.Probe(input, new(100, 1, IsSharedByRows: true))!.Products);
        Assert.Equal(10 * kept, dropout.Probe(input, new(1, 1, IsSharedByRows: true))!.Products); // nobody shares the product with all units
    }

    [Fact]
    public void Probe_HalfOfTheUnitsDropped_CountsTheKeptUnitsProducts()
    {
        int[] indices = new int[1000];
        int kept = McDropout.PassStream(1, 0, 0).FillKeptIndices(indices, 1000, new DropRate(0.5));

        Assert.Equal(10 * kept, new McDropout(nn.Sequential(new Dropout(0.5, seed: 1), nn.Linear(1000, 10))).Probe(zeros(2, 1000), new(100, 1, IsSharedByRows: true))!.Products);
    }

    [Fact]
    public void Stream_SecondMaskInSomePasses_HasEachPassesOwnScale()
    {
        // Passes that run the layer and drop nothing by either mask share the values of those that leave it out, and not their scale.
        McDropout dropout = new(nn.Sequential(new Dropout(0.02, seed: 1, site: 0), new LayerDrop([new Dropout(0.02, seed: 1, site: 1)], 0.5, seed: 1, site: 2), nn.Linear(20, 4)));

        AssertClose(dropout, Random([4, 20], ScalarType.Float32), new(50, 3, IsSharedByRows: true));
    }

    [Fact]
    public void Plan_LayerOfAnotherSize_IsLibtorchsError()
    {
        McDropout wide = new(nn.Sequential(nn.Linear(20, 64), new Dropout(0.2, seed: 1), nn.Linear(100, 3))), narrow = new(nn.Sequential(nn.Linear(20, 64), new Dropout(0.2, seed: 1), nn.Linear(10, 3)));
        McDropout later = new(nn.Sequential(new Dropout(0.5, seed: 1, site: 0), nn.Linear(20, 64), nn.LayerNorm(64), nn.Linear(100, 32), new Dropout(0.5, seed: 1, site: 1), nn.Linear(32, 3)));

        Assert.All((McDropout[])[wide, narrow, later], static dropout =>
            Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => dropout.Plan(zeros(2, 20), new(100, IsSharedByRows: true))));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e8f)]
    [InlineData(1e30f)]
    public void Stream_InputFarFromTheOthers_SaysNothingWhereItIsDropped(float value)
    {
        McDropout dropout = new(nn.Sequential(new Dropout(0.2, seed: 1), nn.Linear(20, 9)));
        Tensor input = Random([4, 20], ScalarType.Float32);
        input[TensorIndex.Colon, TensorIndex.Single(7)] = tensor(value);
        input[TensorIndex.Colon, TensorIndex.Single(12)] = tensor(value); // passes drop one of them, both or none
        McDropoutOptions options = new(100, 1, IsSharedByRows: true);
        Tensor[] plain = [.. dropout.Stream(input, options with { Execution = McExecution.Plain })], thinned = [.. dropout.Stream(input, options with { Execution = McExecution.Thinned })];

        Assert.Contains(plain, static pass => pass.abs().lt(100).all().item<bool>());
        Assert.Contains(plain, static pass => !pass.abs().lt(100).any().item<bool>());
        Assert.All(plain.Zip(thinned), static pair => Assert.True(pair.First.allclose(pair.Second, 1e-5, 1e-6, equal_nan: true)));
    }

    private static TorchSharp.Modules.Sequential Dense(double rate, ScalarType type)
    {
        random.manual_seed(1);
        TorchSharp.Modules.Sequential model = nn.Sequential(
            nn.Linear(20, 64), nn.ReLU(), new Dropout(rate, seed: 1, site: 0), nn.Linear(64, 32), nn.Tanh(), new Dropout(rate / 2, seed: 1, site: 1), nn.Linear(32, 3));
        model.to(type);
        return model;
    }

    private static Tensor Random(long[] shape, ScalarType type)
    {
        random.manual_seed(2);
        return randn(shape, type);
    }

    /// <summary>Sums are taken in another order and over all units: the difference is of the size of the terms' rounding.</summary>
    private static void AssertAgree(McDropout dropout, Tensor input, int batch = 0)
    {
        McDropoutOptions options = new(Passes, 3, IsSharedByRows: true, BatchSize: batch);
        PassProbe many = dropout.Probe(input, options)!, one = dropout.Probe(input, options with { Passes = 1 })!;
        Assert.True(many.Products < one.Products);
        AssertClose(dropout, input, options);
    }

    private static void AssertClose(McDropout dropout, Tensor input, McDropoutOptions options)
    {
        double tolerance = input.dtype == ScalarType.Float64 ? 1e-13 : 1e-5;
        Tensor[] plain = [.. dropout.Stream(input, options with { Execution = McExecution.Plain })], thinned = [.. dropout.Stream(input, options with { Execution = McExecution.Thinned })];

        Assert.NotEqual(1, plain.Select(static pass => pass.sum().ToDouble()).Distinct().Count());
        Assert.All(plain.Zip(thinned), pair => Assert.True(pair.First.allclose(pair.Second, tolerance, tolerance)));
    }
}
