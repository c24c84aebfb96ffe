using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Inference;

/// <summary>Models with dropout in many places, and rows for them.</summary>
internal static class RandomModels
{
    public static IReadOnlyDictionary<string, Func<(nn.Module<Tensor, Tensor> Model, Tensor Rows)>> Named { get; } =
        new Dictionary<string, Func<(nn.Module<Tensor, Tensor> Model, Tensor Rows)>>
        {
            ["two hidden layers"] = () => (Chain(nn.Linear(6, 20), nn.ReLU(), Drop(0), nn.Linear(20, 24), nn.GELU(), Drop(1), nn.Linear(24, 3)), Rows(7, 6)),
            ["input dropout"] = () => (Chain(Drop(0), nn.Linear(6, 20), nn.Tanh(), Drop(1, 0.2), nn.Linear(20, 3)), Rows(7, 6)),
            ["alpha dropout"] = () => (Chain(nn.Linear(6, 20), nn.SELU(), new AlphaDropout(0.3, seed: 1), nn.Linear(20, 16), nn.SELU(), new AlphaDropout(0.2, seed: 1, site: 1), nn.Linear(16, 3)), Rows(7, 6)),
            ["alpha dropout before an activation"] = () => (Chain(nn.Linear(6, 20), new AlphaDropout(0.3, seed: 1), nn.Sigmoid(), nn.Linear(20, 3)), Rows(7, 6)),
            ["sigmoid behind dropout"] = () => (Chain(nn.Linear(6, 20), Drop(0), nn.Sigmoid(), nn.Linear(20, 3)), Rows(7, 6)),
            ["dropout twice in a row"] = () => (Chain(nn.Linear(6, 20), Drop(0), nn.ReLU(), Drop(1, 0.3), nn.Linear(20, 3)), Rows(7, 6)),
            ["classic scaling"] = () => (Chain(nn.Linear(6, 20), new Dropout(0.5, scaling: Scaling.AtInference, seed: 1), nn.Linear(20, 3)), Rows(7, 6)),
            ["batch normalisation"] = () => (Chain(nn.Linear(6, 20), Norm1(20), nn.ReLU(), Drop(0), Norm1(20), nn.Linear(20, 9), Norm1(9), Drop(1), nn.Linear(9, 3)), Rows(7, 6)),
            ["layer normalisation"] = () => (Chain(nn.Linear(6, 20), Drop(0), nn.LayerNorm(20), nn.Linear(20, 3)), Rows(7, 6)),
            ["batchwise dropout"] = () => (Chain(nn.Linear(6, 20), nn.ReLU(), new BatchwiseDropout(0.5, seed: 1), nn.Linear(20, 12), nn.ReLU(), Drop(1), nn.Linear(12, 3)), Rows(7, 6)),
            ["tokens"] = () => (Chain(nn.Linear(6, 20), nn.GELU(), new BatchwiseDropout(0.5, seed: 1), nn.Linear(20, 8), Drop(1), nn.Linear(8, 2)), Rows(7, 5, 6)),
            ["ends in dropout"] = () => (Chain(nn.Linear(6, 20), Drop(0)), Rows(7, 6)),
            ["is dropout"] = () => (Drop(0), Rows(7, 20)),
            ["gaussian"] = () => (Chain(nn.Linear(6, 20), new GaussianDropout(0.5, seed: 1), nn.Linear(20, 12), new GaussianNoise(0.5, seed: 1, site: 1), nn.Linear(12, 3)), Rows(7, 6)),
            ["drop connect"] = () => (Chain(nn.Linear(6, 20), nn.ReLU(), new DropConnect(nn.Linear(20, 12), 0.5, seed: 1), nn.ReLU(), Drop(1), nn.Linear(12, 3)), Rows(7, 6)),
            ["concrete"] = () => (Chain(nn.Linear(6, 20), nn.ReLU(), new ConcreteDropout(nn.Linear(20, 12), new ConcreteDropoutOptions(), seed: 1), nn.ReLU(), nn.Linear(12, 3)), Rows(7, 6)),
            ["custom leaf"] = () => (Chain(nn.Linear(6, 20), Drop(0), new Centre(), nn.Linear(20, 3)), Rows(6, 6)),
            ["convolutions"] = () => (
                Chain(
                    nn.Conv2d(2, 8, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), new SpatialDropout2d(0.4, seed: 1), nn.Conv2d(8, 6, 3), Norm2(6), nn.ReLU(), new SpatialDropout2d(0.3, seed: 1, site: 1),
                    nn.AvgPool2d(2, padding: 1), nn.Flatten(), nn.Linear(24, 10), nn.ReLU(), Drop(2), nn.Linear(10, 3)),
                Rows(7, 2, 8, 8)),
            ["convolution to linear"] = () => (Chain(nn.Conv2d(1, 5, 3, stride: 2, dilation: 1, bias: false), Drop(0), nn.Flatten(), Drop(1), nn.Linear(45, 3)), Rows(5, 1, 7, 7)),
            ["maps of alpha dropout"] = () => (Chain(nn.Conv1d(3, 8, 3, padding: 1), nn.SELU(), new FeatureAlphaDropout(0.4, seed: 1), nn.Conv1d(8, 4, 3, padding: 1, padding_mode: TorchSharp.PaddingModes.Circular), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(4, 2)), Rows(5, 3, 9)),
            ["blocks of maps"] = () => (Chain(nn.Conv2d(1, 4, 3), new DropBlock2d(0.3, 3, seed: 1), nn.ReLU(), nn.Flatten(), nn.Linear(144, 3)), Rows(5, 1, 8, 8)),
            ["everything drops"] = () => (Chain(nn.Linear(6, 20), Drop(0), nn.ReLU(), Drop(1, 0.97), nn.Linear(20, 8), nn.ReLU(), Drop(2, 0.9), nn.Linear(8, 3)), Rows(7, 6)),
            ["residual"] = () => (
                Chain(nn.Linear(6, 16), new ResidualMlpBlock(16, 24, Drop(0)), new ResidualMlpBlock(16, 12, Drop(1)), Drop(2), new ResidualMlpBlock(16, 12), nn.Linear(16, 3)), Rows(7, 6)),
            ["branch output dropout"] = () => (
                Chain(nn.Linear(6, 16), new Residual(Chain(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 16), Drop(0))), nn.Linear(16, 3)), Rows(7, 6)),
            ["stochastic depth by row"] = () => (Depth(StochasticDepthMode.Row), Rows(7, 6)),
            ["stochastic depth by batch"] = () => (Depth(StochasticDepthMode.Batch), Rows(7, 6)),
            ["stochastic depth by subset"] = () => (Depth(StochasticDepthMode.Subset), Rows(7, 6)),
            ["stochastic depth by fixed subset"] = () => (Depth(StochasticDepthMode.FixedSubset), Rows(7, 6)),
            ["layer drop"] = () => (
                Chain(nn.Linear(6, 16), new LayerDrop([new ResidualMlpBlock(16, 12, Drop(0)), nn.Linear(16, 16), new ResidualMlpBlock(16, 8)], 0.5, seed: 2), nn.Linear(16, 3)), Rows(7, 6)),
            ["convolutional residual"] = () => (
                Chain(
                    nn.Conv2d(1, 4, 3, padding: 1), new ResNetBlock(4, 4, 1, new SpatialDropout2d(0.4, seed: 1), new PathOptions(0.3, StochasticDepthMode.Batch, Seed: 1, Site: 5)),
                    new ResNetBlock(4, 6, 2, new DropBlock2d(0.2, 3, seed: 1, site: 2)), Norm2(6), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3)),
                Rows(5, 1, 8, 8)),
            ["transformer"] = () => (
                Chain(
                    nn.Linear(6, 8),
                    new PatchDropout(0.4, 1, seed: 1, site: 9),
                    new TransformerBlock(8, 2, 16, new TransformerBlockOptions
                    {
                        AttentionDropout = new AttentionDropout(0.2, seed: 1),
                        AttentionOutputDropout = Drop(1, 0.3),
                        HiddenDropout = Drop(2),
                        OutputDropout = Drop(3, 0.3),
                        Path = new PathOptions(0.2, Seed: 1, Site: 4),
                    }),
                    new TransformerBlock(8, 2, 16, new TransformerBlockOptions { HiddenDropout = Drop(7) }), nn.LayerNorm(8), nn.Flatten(), nn.Linear(32, 3)),
                Rows(5, 6, 6)),
        };

    private static readonly double[] Rates = [0, 0.2, 0.5, 0.8];

    /// <summary>A random chain of dense layers, normalisation, activations, residual blocks and dropout.</summary>
    public static (nn.Module<Tensor, Tensor> Model, Tensor Rows) Create(ulong seed)
    {
        MaskStream stream = new(seed, 7);
        int drawn = 0;
        uint site = 0;
        int width = 3 + Next(10), inputs = width;
        List<nn.Module<Tensor, Tensor>> layers = [];
        for (int layer = 0, count = 3 + Next(6); layer < count; layer++)
        {
            switch (Next(5))
            {
                case 0:
                    int next = 2 + Next(20);
                    layers.AddRange([nn.Linear(width, next, hasBias: Next(2) == 0), Activation()]);
                    width = next;
                    break;
                case 1:
                    layers.Add(Next(3) == 0 ? nn.LayerNorm(width) : Norm1(width));
                    break;
                case 2:
                    layers.Add(new ResidualMlpBlock(width, 2 + Next(12), Dropping(), new PathOptions(Next(2) * 0.3, (StochasticDepthMode)Next(4), Seed: seed, Site: 100 + site)));
                    break;
                default:
                    layers.Add(Dropping());
                    break;
            }
        }

        layers.Add(new Dropout(0.5, seed: seed, site: site));
        return (nn.Sequential(("body", Chain([.. layers])), ("head", nn.Linear(width, 2))), rand(1 + Next(9), inputs, generator: new Generator(seed)) - 0.5);

        int Next(int count) => (int)(stream.Uniform(drawn++) * count);

        nn.Module<Tensor, Tensor> Dropping()
        {
            double rate = Rates[Next(4)];
            return Next(4) switch
            {
                0 => new AlphaDropout(rate, seed: seed, site: site++),
                1 => new BatchwiseDropout(rate, seed: seed, site: site++),
                _ => new Dropout(rate, seed: seed, site: site++),
            };
        }

        nn.Module<Tensor, Tensor> Activation() => Next(5) switch { 0 => nn.ReLU(), 1 => nn.Sigmoid(), 2 => nn.ELU(), 3 => nn.GELU(), _ => nn.Tanh() };
    }

    private static nn.Module<Tensor, Tensor> Depth(StochasticDepthMode mode) => Chain(
        nn.Linear(6, 16),
        new StochasticDepth(nn.Linear(16, 16), 0.4, mode, seed: 3),
        new StochasticDepth(Chain(nn.Linear(16, 12), nn.ReLU(), Drop(1), nn.Linear(12, 10)), 0.4, mode, Scaling.AtInference, nn.Linear(16, 10), seed: 3, site: 2),
        nn.Linear(10, 3));

    private static Dropout Drop(uint site, double rate = 0.5) => new(rate, seed: 1, site: site);

    private static nn.Module<Tensor, Tensor> Norm1(int width) => Shifted(nn.BatchNorm1d(width));

    private static nn.Module<Tensor, Tensor> Norm2(int width) => Shifted(nn.BatchNorm2d(width));

    // Statistics and weights unlike those of a new layer, which does nothing.
    private static TorchSharp.Modules.BatchNorm Shifted(TorchSharp.Modules.BatchNorm norm)
    {
        using IDisposable noGradient = no_grad();
        norm.running_mean!.copy_(linspace(-1, 1, norm.num_features));
        norm.running_var!.copy_(linspace(0.5, 2, norm.num_features));
        norm.weight!.copy_(linspace(2, 0.5, norm.num_features));
        norm.bias!.copy_(linspace(0.3, -0.6, norm.num_features));
        return norm;
    }

    private static TorchSharp.Modules.Sequential Chain(params nn.Module<Tensor, Tensor>[] layers) => nn.Sequential(layers);

    private static Tensor Rows(params long[] shape) => rand(shape, generator: new Generator(4)) - 0.5;

    /// <summary>Couples the rows of a batch, so that passes must not be mixed.</summary>
    private sealed class Centre() : nn.Module<Tensor, Tensor>(nameof(Centre))
    {
        public override Tensor forward(Tensor input) => input - input.mean([0], keepdim: true);
    }
}
