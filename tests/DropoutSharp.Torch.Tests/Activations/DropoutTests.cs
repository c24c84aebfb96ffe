using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Activations;

public sealed class DropoutTests : TensorTests
{
    [Fact]
    public void Forward_GivenSeed_DropsWhatTheStreamDrops()
    {
        using Dropout dropout = new(0.3, seed: 0xDEADBEEF12345678, site: 4);
        for (uint step = 0; step < 3; step++)
        {
            MaskStream stream = new(0xDEADBEEF12345678, step, 4);
            Tensor output = dropout.forward(full(7, 43, 3.0));
            float[] expected = [.. Enumerable.Range(0, 301).Select(i => stream.IsKept(i, 0.3) ? 3 * (float)(1 / 0.7) : 0)];
            Assert.Equal(expected, output.data<float>().ToArray());
        }
    }

    [Fact]
    public void Forward_BothScalings_HaveTheSameExpectation()
    {
        using Dropout inverted = new(0.4, seed: 1), classic = new(0.4, scaling: Scaling.AtInference, seed: 1);
        Tensor input = randn(20, 30, ScalarType.Float64);
        AssertClose(inverted.forward(input) * 0.6, classic.forward(input), 1e-15);
        inverted.eval();
        classic.eval();
        AssertEqual(inverted.forward(input) * 0.6, classic.forward(input));
    }

    [Fact]
    public void Dropout_MaskShape_SharesWhatItSays()
    {
        using Dropout dropout = new(0.5, maskShape: [0, 1, 0], seed: 1);
        Tensor output = dropout.forward(ones(40, 9, 50));
        AssertEqual(output.narrow(1, 0, 1).expand_as(output), output);
        Assert.Equal([40, 1, 50], dropout.CurrentMask!.shape);
        Assert.Contains("[40, 9, 50]", Assert.Throws<ArgumentException>(() => new Dropout(0.5, maskShape: [3, 0]).forward(ones(40, 9, 50))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Dropout(0.5, maskShape: [-1]));
    }

    [Fact]
    public void Dropout_InSequential_FollowsTheModelsMode()
    {
        using var model = nn.Sequential(("linear", nn.Linear(4, 4)), ("dropout", new Dropout(0.5, seed: 1)));
        Tensor input = ones(100, 4);
        model.eval();
        AssertEqual(model.forward(input), model.forward(input));
        model.train();
        Assert.InRange(KeptShare(model.forward(input)), 0.5 - FiveSigma(0.5, 400), 0.5 + FiveSigma(0.5, 400));
    }

    [Fact]
    public void Forward_LargerThanTwoToTheThirtyOneStarts_DrawsItsPartOfTheMask()
    {
        MaskStream stream = new(5);
        long first = (1L << 31) + 77;
        Tensor part = DropoutFunctional.dropout(ones(200), 0.5, stream, firstElement: first);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => stream.IsKept(first + i, 0.5) ? 2f : 0f), part.data<float>().ToArray());
    }

    [Fact]
    public void Functional_Forms_AreThoseOfTheModules()
    {
        MaskStream stream = new(5, 6, 7);
        Tensor input = randn(5, 6);
        using Dropout dropout = new(0.3);
        using AlphaDropout alpha = new(0.3);
        using GaussianDropout gaussian = new(0.3);
        using GaussianNoise noise = new(0.7);
        AssertEqual(dropout.forward(input, stream), DropoutFunctional.dropout(input, 0.3, stream));
        AssertEqual(alpha.forward(input, stream), DropoutFunctional.alpha_dropout(input, 0.3, stream));
        AssertEqual(gaussian.forward(input, stream), DropoutFunctional.gaussian_dropout(input, 0.3, stream));
        AssertClose(noise.forward(input, stream), DropoutFunctional.gaussian_noise(input, 0.7, stream), 1e-6);
        AssertEqual(input, DropoutFunctional.dropout(input, 0.3, stream, training: false));
        AssertEqual(input, DropoutFunctional.alpha_dropout(input, 0.3, stream, training: false));
        AssertEqual(input, DropoutFunctional.gaussian_dropout(input, 0.3, stream, training: false));
        AssertEqual(input, DropoutFunctional.gaussian_noise(input, 0.3, stream, training: false));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutFunctional.dropout(input, 1.2, stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutFunctional.dropout(input, 0.5, stream, firstElement: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutFunctional.alpha_dropout(input, 1, stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutFunctional.gaussian_dropout(input, 1, stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutFunctional.gaussian_noise(input, double.NaN, stream));
        Assert.Throws<ArgumentException>(() => DropoutFunctional.dropout(input.to(ScalarType.Int32), 0.5, stream));
        using Tensor sparse = input.to_sparse();
        Assert.Throws<ArgumentException>(() => DropoutFunctional.dropout(sparse, 0.5, stream));
    }

    [Theory]
    [InlineData]
    [InlineData(0L)]
    [InlineData(0L, 1L, 0L)]
    [InlineData(4L, 5L, 1L)]
    public void Functional_MaskShape_IsThatOfTheModules(params long[] maskShape)
    {
        MaskStream stream = new(5, 6, 7);
        Tensor input = randn(4, 5, 6), other = input.detach().clone();
        using Dropout dropout = new(0.3, maskShape);
        using AlphaDropout alpha = new(0.3, maskShape);
        AssertEqual(dropout.forward(input, stream), DropoutFunctional.dropout(input, 0.3, maskShape, stream));
        AssertEqual(alpha.forward(input, stream), DropoutFunctional.alpha_dropout(input, 0.3, maskShape, stream));
        AssertEqual(input, DropoutFunctional.dropout(input, 0.3, maskShape, stream, training: false));
        AssertEqual(input, DropoutFunctional.alpha_dropout(input, 0.3, maskShape, stream, training: false));
        AssertEqual(alpha.forward(input, stream), DropoutFunctional.alpha_dropout(other, 0.3, maskShape, stream, inplace: true));
        AssertEqual(alpha.forward(input, stream), other);
    }

    [Fact]
    public void Functional_MaskShapes_AreCheckedAndDifferentiated()
    {
        MaskStream stream = new(5);
        Tensor input = randn([3, 4, 5], ScalarType.Float64).requires_grad_(true);
        AssertGradients(() => DropoutFunctional.dropout(input, 0.4, [0, 1, 0], stream), input);
        AssertGradients(() => DropoutFunctional.alpha_dropout(input, 0.4, [0, 1, 0], stream), input);
        Assert.Throws<ArgumentException>(() => DropoutFunctional.dropout(input, 0.4, [2, 1, 0], stream));
        Assert.Throws<ArgumentException>(() => DropoutFunctional.alpha_dropout(input, 0.4, [2, 1, 0], stream, training: false));
        Assert.Throws<ArgumentException>(() => DropoutFunctional.alpha_dropout(input, 0.4, [0, 0, 0, 0], stream));
        Assert.Throws<ArgumentException>(() => DropoutFunctional.dropout(input, 0.4, [-1], stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutFunctional.alpha_dropout(input, 1, [0, 1, 0], stream));
    }
}
