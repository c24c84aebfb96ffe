using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Weights;

public sealed class DropConnectTests : TensorTests
{
    public static TheoryData<string> Layers => new("linear", "conv1d", "conv1d same", "conv2d", "conv2d reflect", "conv2d groups", "conv3d");

    [Theory]
    [MemberData(nameof(Layers))]
    public void Forward_OneMaskABatch_IsTheLayerWithDroppedWeights(string kind)
    {
        (nn.Module<Tensor, Tensor> layer, Tensor input) = Create(kind);
        using var connect = new DropConnect(layer, 0.4, seed: 1);
        Tensor output = connect.forward(input), weight = layer.get_parameter("weight")!, mask = connect.CurrentMask!;
        Tensor expected = With(layer, where(mask, weight / 0.6, zeros_like(weight)), input);
        AssertClose(expected, output, 1e-12);
        using (connect.Site.Use(mask))
        {
            AssertClose(expected, connect.forward(input), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Forward_OneMaskARow_IsTheLayerWithTheRowsWeights(string kind)
    {
        (nn.Module<Tensor, Tensor> layer, Tensor input) = Create(kind);
        using var connect = new DropConnect(layer, 0.4, new DropConnectOptions { PerSample = true }, seed: 1);
        Tensor output = connect.forward(input), weight = layer.get_parameter("weight")!, masks = connect.CurrentMask!;
        Assert.Equal([input.shape[0], .. weight.shape], masks.shape);
        for (long row = 0; row < input.shape[0]; row++)
        {
            Tensor expected = With(layer, where(masks[row], weight / 0.6, zeros_like(weight)), input.narrow(0, row, 1));
            AssertClose(expected, output.narrow(0, row, 1), 1e-12);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_DroppedBiases_AreDrawnApartFromWeights(bool perSample)
    {
        const int Units = 4000, Rows = 3;
        Linear linear = nn.Linear(1, Units, dtype: ScalarType.Float64);
        using var connect = new DropConnect(linear, 0.5, new DropConnectOptions { PerSample = perSample, DropBias = true }, seed: 1);

        // Of inputs of 0 only the biases are left; as many as there are weights.
        Tensor biases = connect.forward(zeros([Rows, 1], ScalarType.Float64)).ne(0), weights = connect.CurrentMask!.reshape(-1, Units);
        Tensor later = biases.roll(1, 0);

        // Two independent masks of rate one half agree in half of the places, Binomial(n, 1/2): five standard deviations.
        double bound = 5 * Math.Sqrt(Units * 0.25);
        for (int row = 0; row < (perSample ? Rows : 1); row++)
        {
            Assert.InRange(biases[row].eq(weights[row]).sum().item<long>(), (Units / 2) - bound, (Units / 2) + bound);
            if (perSample)
            {
                Assert.InRange(biases[row].eq(later[row]).sum().item<long>(), (Units / 2) - bound, (Units / 2) + bound);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Backward_Float64_ReachesKeptWeightsOnly(string kind)
    {
        foreach (bool perSample in new[] { false, true })
        {
            (nn.Module<Tensor, Tensor> layer, Tensor input) = Create(kind);
            using var connect = new DropConnect(layer, 0.4, new DropConnectOptions { PerSample = perSample, DropBias = true }, seed: 1);
            input.requires_grad_(true);
            AssertGradients(
                () =>
                {
                    connect.Position = new MaskStream(5);
                    return connect.forward(input);
                },
                [input, .. layer.parameters()]);
            Tensor mask = perSample ? connect.CurrentMask!.any(0) : connect.CurrentMask!;
            AssertEqual(mask, layer.get_parameter("weight")!.grad!.ne(0));
        }
    }

    [Theory]
    [InlineData(Scaling.Inverted, true)]
    [InlineData(Scaling.AtInference, false)]
    public void Evaluate_GaussianMoments_AgreesWithTenThousandMasks(Scaling scaling, bool dropBias)
    {
        const int Masks = 10_000, Samples = 10_000;
        Linear linear = nn.Linear(60, 8, dtype: ScalarType.Float64);
        using var relu = nn.ReLU();
        var options = new DropConnectOptions
        {
            PerSample = true,
            DropBias = dropBias,
            Scaling = scaling,
            Inference = DropConnectInference.GaussianMoments,
            Samples = Samples,
            Activation = relu,
        };
        using var connect = new DropConnect(linear, 0.5, options, seed: 1);
        Tensor input = rand([1, 60], ScalarType.Float64);
        Tensor passes, linearPasses;
        using (no_grad())
        {
            // Rows of one batch have masks of their own: one pass is all of them.
            var plain = new DropConnect(linear, 0.5, options with { Activation = null }, seed: 1);
            linearPasses = plain.forward(input.expand(Masks, 60));
            passes = linearPasses.relu();
        }

        connect.eval();
        Tensor inference, mean, variance;
        using (no_grad())
        {
            inference = connect.forward(input)[0];
            (mean, variance) = connect.Moments(input);
        }

        // The moments are exact: five standard errors of the sample's. The variance's is below var·√(2/n) for a sum of 60 bounded terms.
        Assert.True((linearPasses.mean([0]) - mean[0]).abs().le(5 * (variance[0] / Masks).sqrt()).all().item<bool>());
        Assert.True((linearPasses.var(0, unbiased: true) - variance[0]).abs().le(5 * variance[0] * Math.Sqrt(2.0 / Masks)).all().item<bool>());

        // The Gaussian's mean and the masks' have each their standard error; the central limit's own error (Berry and Esseen: 0.56 over √60 in distribution,
        // far less in the mean of a rectifier for symmetric weights) is allowed for by 1 % of the spread.
        Tensor bound = (variance[0].sqrt() * ((5 * Math.Sqrt(2.0 / Masks)) + 0.01)) + 1e-12;
        Assert.True((passes.mean([0]) - inference).abs().le(bound).all().item<bool>());

        // What mean weights give is further off than that for units near zero: the test can tell the two apart.
        Tensor meanWeights = mean[0].relu();
        Assert.True((passes.mean([0]) - meanWeights).abs().gt(bound).any().item<bool>());
        AssertEqual(inference, connect.forward(input)[0].detach());
    }

    [Fact]
    public void Evaluate_MeanWeights_IsTheLayerOrItsShare()
    {
        (nn.Module<Tensor, Tensor> layer, Tensor input) = Create("conv2d");
        using DropConnect inverted = new(layer, 0.4), classic = new(layer, 0.4, new DropConnectOptions { Scaling = Scaling.AtInference });
        inverted.eval();
        classic.eval();
        AssertEqual(layer.call(input), inverted.forward(input));
        AssertClose(With(layer, layer.get_parameter("weight")! * 0.6, input), classic.forward(input), 1e-12);
    }

    [Fact]
    public void Forward_EndsOfTheRate_KeepAllOrNothing()
    {
        (nn.Module<Tensor, Tensor> layer, Tensor input) = Create("linear");
        using DropConnect none = new(layer, 0), all = new(layer, 1);
        AssertEqual(layer.call(input), none.forward(input));
        AssertEqual(layer.get_parameter("bias")!.expand(4, 5), all.forward(input));
    }

    [Fact]
    public void Forward_NotANumberInADroppedWeight_LeavesNothing()
    {
        Linear linear = nn.Linear(3, 2, hasBias: false);
        using var connect = new DropConnect(linear, 0.5, seed: 1);
        using (no_grad())
        {
            linear.weight.fill_(float.NaN);
        }

        using (connect.Site.Use(zeros([2, 3], ScalarType.Bool)))
        {
            AssertEqual(zeros(4, 2), connect.forward(ones(4, 3)).detach());
        }
    }

    [Fact]
    public void Forward_MoreDimensions_AreThoseOfLinear()
    {
        Linear linear = nn.Linear(3, 2);
        using DropConnect batch = new(linear, 0.5, seed: 1), row = new(linear, 0.5, new DropConnectOptions { PerSample = true }, seed: 1);
        foreach (long[] shape in new long[][] { [3], [4, 3], [4, 5, 3], [4, 5, 2, 3], [0, 3] })
        {
            long[] expected = [.. shape[..^1], 2];
            Assert.Equal(expected, batch.forward(ones(shape)).shape);
            Assert.Equal(expected, row.forward(ones(shape)).shape);
        }
    }

    [Fact]
    public void Constructor_BadLayersAndOptions_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new DropConnect(nn.ReLU()));
        Assert.Throws<ArgumentException>(() => new DropConnect(nn.ConvTranspose2d(1, 1, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DropConnect(nn.Linear(1, 1), 1.2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DropConnect(nn.Linear(1, 1), 0.2, new DropConnectOptions { Samples = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DropConnect(nn.Linear(1, 1), 0.2, new DropConnectOptions { Inference = (DropConnectInference)5 }));
    }

    private static Tensor With(nn.Module<Tensor, Tensor> layer, Tensor weight, Tensor input)
    {
        using (no_grad())
        {
            Tensor parameter = layer.get_parameter("weight")!, before = parameter.clone();
            parameter.copy_(weight);
            Tensor output = layer.call(input);
            parameter.copy_(before);
            return output;
        }
    }

    private static (nn.Module<Tensor, Tensor> Layer, Tensor Input) Create(string kind)
    {
        const ScalarType Type = ScalarType.Float64;
        return kind switch
        {
            "linear" => (nn.Linear(6, 5, dtype: Type), randn([4, 6], Type)),
            "conv1d" => (nn.Conv1d(2, 3, 3, stride: 2, padding: 1, dtype: Type), randn([3, 2, 9], Type)),
            "conv1d same" => (nn.Conv1d(2, 3, 4, Padding.Same, dilation: 2, dtype: Type), randn([3, 2, 9], Type)),
            "conv2d" => (nn.Conv2d(2, 3, (3, 2), stride: (1, 2), padding: (1, 0), dtype: Type), randn([3, 2, 6, 7], Type)),
            "conv2d reflect" => (nn.Conv2d(2, 3, 3, padding: 1, padding_mode: PaddingModes.Reflect, dtype: Type), randn([3, 2, 6, 7], Type)),
            "conv2d groups" => (nn.Conv2d(4, 6, 3, dilation: 2, groups: 2, bias: false, dtype: Type), randn([3, 4, 7, 7], Type)),
            _ => (nn.Conv3d(2, 3, 2, padding: 1, dtype: Type), randn([3, 2, 3, 4, 5], Type)),
        };
    }
}
