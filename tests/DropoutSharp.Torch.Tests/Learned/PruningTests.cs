using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Learned;

public sealed class PruningTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Prune_ByThreshold_TakesOutWeightsThatAreMostlyNoise()
    {
        VariationalLinear layer = new(2, 2, new(InitialLogVariance: 0), seed: 1);
        using (no_grad())
        {
            // ln α = −ln θ²: 1 for e^{−1/2}, 4 for e^{−2}.
            layer.Weight.copy_(tensor(new float[,] { { MathF.Exp(-0.5f), MathF.Exp(-2) }, { -MathF.Exp(-0.5f), 10 } }));
        }

        PruningReport report = VariationalPruning.Prune(nn.Sequential(("a", layer)));

        Assert.Equal(new PrunedLayer("a", 4, 3), Assert.Single(report.Layers));
        Assert.Equal(0.25, report.Layers[0].Sparsity);
        Assert.Equal(4.0 / 3, report.Compression);
        Assert.Equal([true, false, true, true], layer.Kept.data<bool>());

        // Gone in every pass, not only in evaluation.
        layer.train();
        Tensor unit = tensor(new float[,] { { 0, 1 } });
        Assert.Equal(layer.Bias![0].item<float>(), layer.call(unit)[0, 0].item<float>(), 1e-3);
        layer.eval();
        Assert.Equal(layer.Bias![0].item<float>(), layer.call(unit)[0, 0].item<float>());
    }

    [Theory]
    [InlineData(0.02, 0)]
    [InlineData(0.3, 1)]
    [InlineData(0.6, 2)]
    [InlineData(0.95, 3)]
    [InlineData(1, 4)]
    public void Shrink_OfAPrunedChain_PredictsTheSame(double pruned, int seed)
    {
        manual_seed(seed);
        VariationalLinear[] layers = [new(10, 30), new(30, 20), new(20, 4)];
        Sequential chain = nn.Sequential(
            ("flatten", nn.Flatten()), ("a", layers[0]), ("sigmoid", nn.Sigmoid()), ("drop", new Dropout(0.5)), ("b", layers[1]), ("relu", nn.ReLU()),
            ("c", new ConcreteDropout(nn.Linear(20, 6))), ("tanh", nn.Tanh()), ("d", nn.Linear(6, 20, hasBias: false)), ("gelu", nn.GELU()), ("e", layers[2]));
        foreach (VariationalLinear layer in layers)
        {
            layer.Kept.copy_(rand(layer.Kept.shape).ge(pruned));

            // Whole units without inputs or without readers.
            layer.Kept[0].fill_(false);
            layer.Kept[TensorIndex.Colon, 1].fill_(false);
        }

        chain.eval();
        Sequential small = DenseExport.Shrink(chain);
        small.eval();
        Tensor x = randn(50, 10);

        Assert.True(small.call(x).allclose(chain.call(x), 1e-4, 1e-5));
        Assert.True(small.parameters().Sum(p => p.numel()) < chain.parameters().Sum(p => p.numel()));
        if (pruned == 1)
        {
            Assert.Equal([1, 10], small.parameters().First().shape);
        }
    }

    [Fact]
    public void Shrink_OfADenseChain_ChangesNothing()
    {
        Sequential chain = nn.Sequential(("a", nn.Linear(3, 4)), ("relu", nn.ReLU()), ("b", nn.Linear(4, 2)));
        Sequential small = DenseExport.Shrink(chain);

        Assert.Equal(chain.parameters().Select(p => p.numel()), small.parameters().Select(p => p.numel()));
        Assert.StartsWith(
            "Shrinking needs a chain of linear layers, elementwise activations and dropout; received Conv2d at \"x\".",
            Assert.Throws<ArgumentException>(() => DenseExport.Shrink(nn.Sequential(("x", nn.Conv2d(1, 1, 1))))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Pruning needs a model with sparse variational layers; found none.",
            Assert.Throws<ArgumentException>(() => VariationalPruning.Prune(chain)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CompressedRows_OfPrunedWeights_MultiplyAsTheyDo()
    {
        Tensor weight = randn(7, 11) * rand(7, 11).gt(0.8);
        CompressedRows rows = CompressedRows.From(weight);
        float[] x = [.. randn(11).data<float>()], y = new float[7];
        rows.Multiply(x, y);

        Assert.Equal(weight.ne(0).sum().item<long>(), rows.Values.Count);
        Assert.Equal((7, 11), (rows.Rows, rows.Columns));
        Assert.Equal((8 + (2 * rows.Values.Count)) * 4, rows.ByteCount);
        Assert.True(weight.matmul(tensor(x)).allclose(tensor(y), 1e-5, 1e-5));
        Assert.Throws<ArgumentException>(() => rows.Multiply(x, new float[6]));
        Assert.Throws<ArgumentException>(() => CompressedRows.From(ones(3)));
    }
}
