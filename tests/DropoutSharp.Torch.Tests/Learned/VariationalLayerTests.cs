using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Learned;

public sealed class VariationalLayerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<VariationalKind, VariationalSharing> Kinds => new()
    {
        { VariationalKind.Sparse, VariationalSharing.Weight },
        { VariationalKind.TypeA, VariationalSharing.Unit },
        { VariationalKind.TypeA, VariationalSharing.Layer },
        { VariationalKind.TypeB, VariationalSharing.Weight },
        { VariationalKind.TypeB, VariationalSharing.Unit },
        { VariationalKind.TypeB, VariationalSharing.Layer },
    };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_InTraining_HasTheMeanAndVarianceOfItsWeights(VariationalKind noise, VariationalSharing sharing)
    {
        const int Draws = 40_000;
        VariationalLinear layer = new(5, 2, new(noise, sharing, InitialAlpha: 0.5, InitialLogVariance: -2), seed: 3);
        layer.to(ScalarType.Float64);
        double[] x = [1, -2, 0.5, 0, 3];
        double[] theta = [.. layer.Weight.data<double>()], bias = [.. layer.Bias!.data<double>()];
        layer.train();
        using IDisposable noGradient = no_grad();
        Tensor output = layer.call(tensor(x).repeat(Draws, 1));
        for (int unit = 0; unit < 2; unit++)
        {
            double mean = bias[unit], variance = 0;
            for (int i = 0; i < 5; i++)
            {
                double weight = theta[(5 * unit) + i];
                mean += x[i] * weight;
                variance += x[i] * x[i] * (noise == VariationalKind.Sparse ? Math.Exp(-2) : 0.5 * weight * weight);
            }

            // Outputs are normal: the sample mean has variance σ²/n, the sample variance 2σ⁴/n.
            Tensor ofUnit = output[TensorIndex.Colon, unit];
            Assert.Equal(mean, ofUnit.mean().item<double>(), 5 * Math.Sqrt(variance / Draws));
            Assert.Equal(variance, ofUnit.var().item<double>(), 5 * variance * Math.Sqrt(2.0 / Draws));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_InEvaluation_IsTheDenseLayer(VariationalKind noise, VariationalSharing sharing)
    {
        VariationalOptions options = new(noise, sharing);
        (VariationalLayer Layer, Tensor Input)[] cases =
        [
            (new VariationalLinear(4, 3, options), rand(2, 4)),
            (new VariationalLinear(4, 3, options, hasBias: false), rand(2, 5, 4)),
            (new VariationalConv1d(4, 6, 3, options, stride: 2, padding: 1, groups: 2), rand(2, 4, 9)),
            (new VariationalConv2d(4, 6, 3, options, padding: 1, dilation: 2, hasBias: false), rand(2, 4, 7, 8)),
            (new VariationalConv3d(2, 4, 2, options, groups: 2), rand([2, 2, 4, 4, 4])),
        ];
        foreach ((VariationalLayer layer, Tensor input) in cases)
        {
            layer.eval();
            Tensor output = layer.call(input);
            Assert.True(output.equal(layer.ToDense().call(input)).all().item<bool>());

            layer.train();
            Tensor noisy = layer.call(input);
            Assert.Equal(output.shape, noisy.shape);
            Assert.False(noisy.equal(output).any().item<bool>());
            (noisy.square().sum() + LearnedRegularizer.Of(layer, 10)).backward();
            Assert.All(layer.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().item<bool>()));
        }
    }

    [Theory]
    [InlineData(VariationalKind.Sparse)]
    [InlineData(VariationalKind.TypeA)]
    [InlineData(VariationalKind.TypeB)]
    public void McDropout_SharedByRows_IsOneNetworkAPass(VariationalKind noise)
    {
        VariationalLinear layer = new(6, 3, new(noise, noise == VariationalKind.Sparse ? VariationalSharing.Weight : VariationalSharing.Unit), seed: 1);
        McDropout passes = new(layer);
        Tensor x = ones(4, 6);

        Assert.All(
            passes.Stream(x, new(Passes: 3, IsSharedByRows: true)),
            y => Assert.True(y.isclose(y.narrow(0, 0, 1)).all().item<bool>()));
        Assert.All(passes.Stream(x, new(Passes: 3)), y => Assert.False(y[0].equal(y[1]).any().item<bool>()));
        Tensor[] whole = [.. passes.Stream(x, new(Passes: 2))], cut = [.. passes.Stream(x, new(Passes: 2, BatchSize: 3))];
        Assert.All(whole.Zip(cut), pair => Assert.True(pair.First.isclose(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void Gradient_ByKindOfSampling_HasKingmasOrderOfVariances()
    {
        // Kingma, Salimans and Welling 2015, section 2: variance of the gradient over minibatches without noise, with local reparameterisation, with
        // weights drawn for each row, and with one draw of the weights for the whole minibatch.
        const int Inputs = 20, Outputs = 5, Batch = 50, Repetitions = 200;
        manual_seed(1);
        VariationalLinear layer = new(Inputs, Outputs, new(VariationalKind.TypeB, VariationalSharing.Weight, InitialAlpha: 0.5), seed: 3);
        layer.to(ScalarType.Float64);
        Tensor teacher = randn(Inputs, Outputs, ScalarType.Float64);
        double none = Variance(x => nn.functional.linear(x, layer.Weight, layer.Bias));
        layer.train();
        double local = Variance(layer.call);
        double separate = Variance(x =>
        {
            Tensor weights = layer.Weight * (1 + (Math.Sqrt(0.5) * randn(Batch, Outputs, Inputs, ScalarType.Float64)));
            return matmul(weights, x.unsqueeze(2)).squeeze(2) + layer.Bias!;
        });
        uint step = 0;
        double one = Variance(x =>
        {
            using IDisposable sampled = layer.Site.Sample(new SiteSampling(new MaskStream(7, step++), IsSharedByRows: true));
            return layer.call(x);
        });

        Assert.True(none < local, $"none {none}, local {local}");
        Assert.True(local < separate, $"local {local}, separate {separate}");
        Assert.True(separate < one, $"separate {separate}, one {one}");
        Assert.True(one >= 2.5 * local, $"one {one}, local {local}");

        double Variance(Func<Tensor, Tensor> forward)
        {
            manual_seed(2);
            Tensor sum = zeros(Outputs, Inputs, ScalarType.Float64), squares = zeros(Outputs, Inputs, ScalarType.Float64);
            for (int repetition = 0; repetition < Repetitions; repetition++)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor x = randn(Batch, Inputs, ScalarType.Float64);
                layer.zero_grad();
                (forward(x) - matmul(x, teacher)).square().sum(1).mean().backward();
                sum.add_(layer.Weight.grad!);
                squares.add_(layer.Weight.grad!.square());
            }

            return ((squares / Repetitions) - (sum / Repetitions).square()).mean().item<double>();
        }
    }

    [Fact]
    public void Divergence_OfTypes_CountsEveryNoiseOnce()
    {
        VariationalConv2d a = new(4, 6, 3, new(VariationalKind.TypeA, VariationalSharing.Layer, InitialAlpha: 0.5));
        VariationalConv2d b = new(4, 6, 3, new(VariationalKind.TypeB, VariationalSharing.Unit, InitialAlpha: 0.5));
        VariationalLinear sparse = new(10, 10);
        double cubic = VariationalDivergence.Cubic(tensor(Math.Log(0.5))).item<double>();

        Assert.Equal(4 * cubic, a.Divergence(1).item<float>(), 1e-4);
        Assert.Equal(6 * 4 * 9 * cubic, b.Divergence(1).item<float>(), 1e-2);
        Assert.Equal(VariationalDivergence.Sigmoid(sparse.LogAlpha()).sum().item<float>(), sparse.Divergence(1).item<float>(), 1e-3);
        Assert.Equal(1.0 / 3, a.LearnedRate, 1e-6);
    }

    [Theory]
    [InlineData(VariationalKind.Sparse)]
    [InlineData(VariationalKind.TypeB)]
    public void Divergence_ByTheKernel_HasTheGradientsOfTheFormula(VariationalKind kind)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        VariationalLinear layer = new(33, 20, new VariationalOptions(kind, VariationalSharing.Weight));
        using (no_grad())
        {
            layer.Noise.copy_(randn_like(layer.Noise).mul(4).sub(3));
            layer.Kept.copy_(rand_like(layer.Weight).gt(0.2));
        }

        (double value, Tensor? weight, Tensor? noise) = Gradients();
        layer.to(ScalarType.Float64);
        (double expected, Tensor? expectedWeight, Tensor? expectedNoise) = Gradients();

        // Against libtorch's operations in double: a slope passes on at most 1.5 of the rounding of ln α, 2⁻¹⁹, and rounds a dozen times itself.
        Assert.Equal(expected, value, 1e-5 * Math.Abs(expected));
        Assert.True(noise!.allclose(expectedNoise!, rtol: 1e-5, atol: 1e-7));
        Assert.Equal(expectedWeight is null, weight is null);
        Assert.True(weight is null || weight.allclose(expectedWeight!, rtol: 1e-5, atol: 1e-7));

        (double Value, Tensor? Weight, Tensor? Noise) Gradients()
        {
            layer.zero_grad();
            Tensor divergence = layer.Divergence(1);
            divergence.mul(3).backward();
            return (divergence.to(ScalarType.Float64).item<double>(), layer.Weight.grad?.to(ScalarType.Float64), layer.Noise.grad?.to(ScalarType.Float64));
        }
    }

    [Fact]
    public void LogAlpha_BeyondItsRange_IsClamped()
    {
        VariationalLinear sparse = new(4, 4, new(InitialLogVariance: 50));
        VariationalLinear b = new(4, 4, new(VariationalKind.TypeB));
        using (no_grad())
        {
            b.Noise.fill_(3);
        }

        Assert.True(sparse.LogAlpha().eq(8).all().item<bool>());
        Assert.True(b.LogAlpha().eq(0).all().item<bool>());
    }

    [Fact]
    public void Options_Misuse_SaysWhatMustBe()
    {
        Assert.StartsWith(
            "Type A has its noise on the inputs, an alpha a unit or layer; received sharing by Weight.",
            Assert.Throws<ArgumentException>(() => new VariationalLinear(1, 1, new(VariationalKind.TypeA))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Sparse noise has an alpha a weight; received sharing by Layer.",
            Assert.Throws<ArgumentException>(() => new VariationalLinear(1, 1, new(Sharing: VariationalSharing.Layer))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The initial alpha must be above 0 and at most 1; received 1.5.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new VariationalLinear(1, 1, new(VariationalKind.TypeB, InitialAlpha: 1.5))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "inputs must be at least 1; received 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new VariationalLinear(0, 1)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Channels must be divisible by the groups, 2; received 3 and 4.",
            Assert.Throws<ArgumentException>(() => new VariationalConv2d(3, 4, 3, new(), groups: 2)).Message, StringComparison.Ordinal);
        Assert.Equal(
            "Pruning needs sparse noise; received TypeB, whose alpha is at most 1.",
            Assert.Throws<InvalidOperationException>(() => new VariationalLinear(1, 1, new(VariationalKind.TypeB)).Prune()).Message);
    }
}
