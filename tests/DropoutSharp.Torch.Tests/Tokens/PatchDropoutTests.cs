using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Tokens;

public sealed class PatchDropoutTests : TensorTests
{
    [Theory]
    [InlineData(197, 1, 0.5, 99)]
    [InlineData(101, 1, 0.9, 11)]
    [InlineData(10, 2, 0.99, 3)]
    [InlineData(10, 2, 1.0, 3)]
    [InlineData(10, 0, 0.3, 7)]
    [InlineData(2, 2, 0.5, 2)]
    public void Forward_Training_KeepsPrefixAndExactlySoManyTokensInOrder(int tokens, int prefix, double dropRate, int expected)
    {
        using var layer = new PatchDropout(dropRate, prefix, seed: 1);
        Tensor input = arange(tokens).to(ScalarType.Float32).reshape(1, tokens, 1).expand(5, tokens, 3);
        Tensor output = layer.forward(input);
        Assert.Equal([5, expected, 3], output.shape);
        AssertEqual(input.narrow(1, 0, prefix), output.narrow(1, 0, prefix));
        Tensor order = output.select(2, 0);
        Assert.True((order[.., 1..] > order[.., ..^1]).all().item<bool>());
        AssertEqual(full([5], (long)expected), layer.CurrentMask!.sum(1));
        AssertEqual(output, layer.forward(input, layer.CurrentMask!));
    }

    [Fact]
    public void Forward_ManyRows_KeepsEveryTokenEquallyOftenAndUnscaled()
    {
        using var layer = new PatchDropout(0.75, 0, seed: 1);
        Tensor output = layer.forward(ones(8000, 8, 1));
        Assert.Equal(1, output.min().item<float>());
        Assert.Equal(1, output.max().item<float>());
        Tensor share = layer.CurrentMask!.to(ScalarType.Float64).mean([0]);
        Assert.True((share - 0.25).abs().max().item<double>() < FiveSigma(0.25, 8000));
    }

    [Fact]
    public void Forward_EvaluationAndRateZero_AreAliases()
    {
        using PatchDropout layer = new(0.5), zero = new(0);
        Tensor input = randn(2, 5, 3);
        AssertEqual(input, zero.forward(input));
        layer.eval();
        AssertEqual(input, layer.forward(input));
    }

    [Fact]
    public void Backward_Float64_ReachesKeptTokensOnly()
    {
        using var layer = new PatchDropout(0.5, 1, seed: 1);
        Tensor input = randn([3, 9, 4], ScalarType.Float64).requires_grad_(true);
        AssertGradients(() => layer.forward(input, new MaskStream(4)), input);
        AssertEqual(layer.CurrentMask!, input.grad!.ne(0).all(-1));
    }

    [Fact]
    public void Sample_SharedByRows_KeepsTheSameTokens()
    {
        using var layer = new PatchDropout(0.5, 1);
        using (layer.Site.Sample(new SiteSampling(new MaskStream(3), IsSharedByRows: true)))
        {
            layer.forward(randn(6, 20, 2));
            Tensor mask = layer.CurrentMask!;
            AssertEqual(mask[0].expand_as(mask), mask);
        }

        Tensor all, part;
        using (layer.Site.Sample(new SiteSampling(new MaskStream(3))))
        {
            layer.forward(randn(6, 20, 2));
            all = layer.CurrentMask!;
        }

        using (layer.Site.Sample(new SiteSampling(new MaskStream(3), FirstRow: 4)))
        {
            layer.forward(randn(2, 20, 2));
            part = layer.CurrentMask!;
        }

        AssertEqual(all[4..], part);
    }

    [Fact]
    public void Forward_BadShapesMasksAndPrefixes_AreRefused()
    {
        using var layer = new PatchDropout(0.5, 3);
        Assert.Throws<ArgumentException>(() => layer.forward(ones(5, 3)));
        Assert.Throws<ArgumentException>(() => layer.forward(ones(2, 2, 3)));
        Assert.Throws<ArgumentException>(() => layer.forward(ones(2, 5, 3), ones(2, 5)));
        Assert.Throws<ArgumentException>(() => layer.forward(ones(2, 2 + 3, 3), tensor(new[,] { { true, true, true, true, false }, { true, true, true, false, false } })));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PatchDropout(0.5, -1));
        Assert.Equal([0, 4, 2], layer.forward(ones(0, 5, 2)).shape);
    }
}
