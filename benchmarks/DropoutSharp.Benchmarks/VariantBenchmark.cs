using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Measures training steps with each variant beside the same network's without dropout, turn by turn in one process, and the most memory that such a step holds.</summary>
/// <remarks>A step is forward, backward and plain gradient descent, in float32, with as many threads as libtorch uses. Each step of a variant is measured between two plain ones.</remarks>
public static class VariantBenchmark
{
    private const string Dense = "dense 3 × 1024, batch 128";
    private const string Maps = "conv 2 × 32 maps of 14×14, batch 32";
    private const string Images = "VGG, maps 64-64-128-128, 32×32, batch 64";
    private const string Blocks = "residual, 8 blocks of 256, batch 128";
    private const string Attention = "transformer block, 64 tokens of 64, batch 32";
    private const string Transformer = "transformer block, 128 tokens of 256, batch 4";
    private const string VisionTransformer = "transformer block of ViT-S, 197 tokens of 384, batch 8";
    private const string Sequence = "LSTM 64, 20 steps, batch 32";
    private const string Words = "embedding of 10,000 words, 32 × 20 tokens";

    /// <summary>A second network without dropout: what it adds is what the measurement cannot tell from nothing.</summary>
    private const string Again = "no dropout again";

    /// <summary>A multiplication by libtorch where dropout would stand: what any operation costs there that reads and writes all elements.</summary>
    private const string Doubled = "a multiplication instead";

    private static readonly (string Variant, string Network, Func<double, Func<Tensor>> Step)[] Cases =
    [
        (Again, Dense, static _ => DenseStep(null)),
        (Doubled, Dense, static _ => DenseStep(static () => new Doubling())),
        ("libtorch's dropout", Dense, static rate => DenseStep(() => nn.Dropout(rate))),
        ("Dropout", Dense, static rate => DenseStep(() => new Dropout(rate))),
        ("Dropout, fused", Dense, static rate => DenseStep(() => new Dropout(rate), fuses: true)),
        ("GaussianDropout", Dense, static rate => DenseStep(() => new GaussianDropout(rate))),
        ("AlphaDropout", Dense, static rate => DenseStep(() => new AlphaDropout(rate))),
        ("BatchwiseDropout", Dense, static rate => DenseStep(() => new BatchwiseDropout(rate))),
        ("DropConnect", Dense, static rate => DenseStep(null, layer => new DropConnect(layer, rate))),
        ("ConcreteDropout", Dense, static _ => DenseStep(null, static layer => new ConcreteDropout(layer), isLearned: true)),
        ("VariationalLinear", Dense, static _ => DenseStep(null, static _ => new VariationalLinear(1024, 1024), isLearned: true)),
        (Again, Maps, static _ => MapStep(null)),
        (Doubled, Maps, static _ => MapStep(static () => new Doubling())),
        ("libtorch's dropout2d", Maps, static rate => MapStep(() => nn.Dropout2d(rate))),
        ("Dropout", Maps, static rate => MapStep(() => new Dropout(rate))),
        ("Dropout, fused", Maps, static rate => MapStep(() => new Dropout(rate), fuses: true)),
        ("SpatialDropout2d", Maps, static rate => MapStep(() => new SpatialDropout2d(rate))),
        ("DropBlock2d", Maps, static rate => MapStep(() => new DropBlock2d(rate, 7))),
        ("FeatureAlphaDropout", Maps, static rate => MapStep(() => new FeatureAlphaDropout(rate))),
        (Again, Images, static _ => ImageStep(null)),
        ("libtorch's dropout", Images, static rate => ImageStep(() => nn.Dropout(rate))),
        ("Dropout", Images, static rate => ImageStep(() => new Dropout(rate))),
        ("Dropout, fused", Images, static rate => ImageStep(() => new Dropout(rate), fuses: true)),
        ("Dropout behind each ReLU", Images, static rate => ImageStep(() => new Dropout(rate), everywhere: true)),
        ("the same, fused", Images, static rate => ImageStep(() => new Dropout(rate), everywhere: true, fuses: true)),
        ("StochasticDepth, Batch", Blocks, static rate => BlockStep(new PathOptions(rate, StochasticDepthMode.Batch))),
        ("StochasticDepth, Row", Blocks, static rate => BlockStep(new PathOptions(rate, StochasticDepthMode.Row))),
        ("StochasticDepth, Subset", Blocks, static rate => BlockStep(new PathOptions(rate, StochasticDepthMode.Subset))),
        ("StochasticDepth, FixedSubset", Blocks, static rate => BlockStep(new PathOptions(rate, StochasticDepthMode.FixedSubset))),
        ("LayerDrop", Blocks, static rate => BlockStep(default, rate)),
        (Again, Transformer, static _ => TransformerStep(null)),
        ("libtorch's dropout, three sites", Transformer, static rate => TransformerStep(() => nn.Dropout(rate))),
        ("libtorch's dropout, attention too", Transformer, static rate => Step(LibtorchTransformerBlock.Create(256, 8, 1024, rate), TokensOfTransformer())),
        ("Dropout, three sites, by itself", Transformer, static rate => TransformerStep(() => new Alone(new Dropout(rate)))),
        ("Dropout, three sites", Transformer, static rate => TransformerStep(() => new Dropout(rate))),
        ("the same and AttentionDropout", Transformer, static rate => TransformerStep(() => new Dropout(rate), new AttentionDropout(rate))),
        (Again, VisionTransformer, static _ => VisionTransformerStep(null)),
        ("libtorch's dropout, three sites", VisionTransformer, static rate => VisionTransformerStep(() => nn.Dropout(rate))),
        ("libtorch's dropout, attention too", VisionTransformer, static rate => Step(LibtorchTransformerBlock.Create(384, 6, 1536, rate), TokensOfVisionTransformer())),
        ("Dropout, three sites, by itself", VisionTransformer, static rate => VisionTransformerStep(() => new Alone(new Dropout(rate)))),
        ("Dropout, three sites", VisionTransformer, static rate => VisionTransformerStep(() => new Dropout(rate))),
        ("the same and AttentionDropout", VisionTransformer, static rate => VisionTransformerStep(() => new Dropout(rate), new AttentionDropout(rate))),
        (Again, Attention, static _ => AttentionStep(null)),
        ("libtorch's dropout, three sites", Attention, static rate => AttentionStep(ThreeSites(() => nn.Dropout(rate)))),
        ("libtorch's dropout, attention too", Attention, static rate => Step(LibtorchTransformerBlock.Create(64, 4, 256, rate), randn(32, 64, 64))),
        ("Dropout, three sites, by itself", Attention, static rate => AttentionStep(ThreeSites(() => new Alone(new Dropout(rate))))),
        ("Dropout, three sites", Attention, static rate => AttentionStep(ThreeSites(() => new Dropout(rate)))),
        ("the same and AttentionDropout", Attention, static rate => AttentionStep(ThreeSites(() => new Dropout(rate)) with { AttentionDropout = new AttentionDropout(rate) })),
        ("AttentionDropout", Attention, static rate => AttentionStep(new TransformerBlockOptions { AttentionDropout = new AttentionDropout(rate) })),
        ("PatchDropout", Attention, static rate => AttentionStep(null, new PatchDropout(rate, 0))),
        ("WeightDropLSTM", Sequence, static rate => SequenceStep(() => new WeightDropLSTM(nn.LSTM(64, 64), rate))),
        ("VariationalLSTM", Sequence, static rate => SequenceStep(() => new VariationalLSTM(nn.LSTM(64, 64), rate, rate))),
        ("ZoneoutLSTM", Sequence, static rate => SequenceStep(() => new ZoneoutLSTM(nn.LSTM(64, 64), rate, rate))),
        ("LockedDropout", Sequence, static rate => SequenceStep(() => nn.LSTM(64, 64), new LockedDropout(rate, batchFirst: false))),
        ("EmbeddingDropout", Words, static rate => WordStep(rate)),
    ];

    /// <summary>The first words of the networks' names.</summary>
    public static IReadOnlyList<string> Networks { get; } =
        [.. Cases.Select(static each => each.Network.Split(' ', ',')[0].ToLowerInvariant()).Distinct()];

    /// <summary>Measures variant by variant.</summary>
    /// <param name="dropRate">The drop rate, in (0, 1).</param>
    /// <param name="secondsPerCase">How long a variant is measured.</param>
    /// <param name="measured">Called with each as soon as its network's are measured.</param>
    /// <param name="networks">Which of <see cref="Networks"/> are measured; null for all.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static void Run(
        double dropRate, double secondsPerCase, Action<VariantCost> measured, IReadOnlyList<string>? networks = null, CancellationToken cancellation = default)
    {
        LibtorchRuntime.EnsureLoaded();
        foreach (IGrouping<string, (string Variant, string Network, Func<double, Func<Tensor>> Step)> network in Cases
            .Where(each => networks is null || networks.Any(word => each.Network.StartsWith(word, StringComparison.OrdinalIgnoreCase)))
            .GroupBy(static each => each.Network))
        {
            // What all variants of a network add is added to the same.
            using DisposeScope scope = NewDisposeScope();
            (string Variant, string Network, Func<double, Func<Tensor>> Step)[] variants = [.. network];
            Action plain = Turn(Plain(network.Key));
            Action[] steps = [.. variants.Select(each => Turn(each.Step(dropRate)))];
            PairedContest.Result[] results = PairedContest.Run(TimeSpan.FromSeconds(secondsPerCase * variants.Length), cancellation, plain, steps);
            double plainPeak = Peak(plain);
            foreach ((int index, PairedContest.Result result) in results.Index())
            {
                measured(new VariantCost(
                    variants[index].Variant, network.Key, dropRate, result.Plain / 1e6, result.With / 1e6, result.Added / 1e6, result.Low / 1e6, result.High / 1e6, result.Pairs,
                    plainPeak, Peak(steps[index])));
            }
        }
    }

    private static Action Turn(Func<Tensor> step) => () => step().Dispose();

    /// <summary>The most memory that a step holds beyond what it finds: the least of some, as what else the process does only adds to it.</summary>
    private static double Peak(Action step)
    {
        const int Steps = 5;
        return Enumerable.Range(0, Steps).Min(_ => PeakMemory.Measure(step));
    }

    private static Func<Tensor> Plain(string network) => network switch
    {
        Dense => DenseStep(null),
        Maps => MapStep(null),
        Images => ImageStep(null),
        Blocks => BlockStep(default),
        Attention => AttentionStep(null),
        Transformer => TransformerStep(null),
        VisionTransformer => VisionTransformerStep(null),
        Sequence => SequenceStep(static () => nn.LSTM(64, 64)),
        _ => WordStep(null),
    };

    private static Func<Tensor> DenseStep(
        Func<nn.Module<Tensor, Tensor>>? dropout, Func<nn.Module<Tensor, Tensor>, nn.Module<Tensor, Tensor>>? wrap = null, bool fuses = false, bool isLearned = false)
    {
        List<nn.Module<Tensor, Tensor>> layers = [];
        for (int layer = 0; layer < 3; layer++)
        {
            nn.Module<Tensor, Tensor> linear = nn.Linear(1024, 1024);
            layers.Add(wrap is null ? linear : wrap(linear));
            layers.Add(nn.ReLU());
            if (dropout is not null)
            {
                layers.Add(dropout());
            }
        }

        nn.Module<Tensor, Tensor> network = Network(layers, fuses);
        return isLearned ? Step(network, randn(128, 1024), () => LearnedRegularizer.Of(network, 60_000)) : Step(network, randn(128, 1024));
    }

    private static Func<Tensor> MapStep(Func<nn.Module<Tensor, Tensor>>? dropout, bool fuses = false)
    {
        List<nn.Module<Tensor, Tensor>> layers = [];
        for (int layer = 0; layer < 2; layer++)
        {
            layers.Add(nn.Conv2d(32, 32, 3, padding: 1));
            layers.Add(nn.ReLU());
            if (dropout is not null)
            {
                layers.Add(dropout());
            }
        }

        return Step(Network(layers, fuses), randn(32, 32, 14, 14));
    }

    /// <summary>Dropout where networks for images usually have it, behind the pooling and in the head, or behind each ReLU.</summary>
    private static Func<Tensor> ImageStep(Func<nn.Module<Tensor, Tensor>>? dropout, bool everywhere = false, bool fuses = false)
    {
        List<nn.Module<Tensor, Tensor>> layers = [];
        foreach ((int from, int to) in ((int, int)[])[(3, 64), (64, 128)])
        {
            foreach (int maps in (int[])[from, to])
            {
                layers.Add(nn.Conv2d(maps, to, 3, padding: 1));
                layers.Add(nn.ReLU());
                Drop(everywhere);
            }

            layers.Add(nn.MaxPool2d(2));
            Drop(!everywhere);
        }

        layers.AddRange([nn.Flatten(), nn.Linear(128 * 8 * 8, 256), nn.ReLU()]);
        Drop(true);
        layers.Add(nn.Linear(256, 10));
        return Step(Network(layers, fuses), randn(64, 3, 32, 32));

        void Drop(bool here)
        {
            if (here && dropout is not null)
            {
                layers.Add(dropout());
            }
        }
    }

    private static nn.Module<Tensor, Tensor> Network(List<nn.Module<Tensor, Tensor>> layers, bool fuses) =>
        fuses ? new FusedNetwork(nn.Sequential(layers)) : nn.Sequential(layers);

    private static Func<Tensor> BlockStep(PathOptions path, double layerDropRate = 0)
    {
        nn.Module<Tensor, Tensor>[] blocks = [.. Enumerable.Range(0, 8).Select(_ => (nn.Module<Tensor, Tensor>)new ResidualMlpBlock(256, 512, path: path))];
        return Step(layerDropRate > 0 ? new LayerDrop(blocks, layerDropRate) : nn.Sequential(blocks), randn(128, 256).requires_grad_(true));
    }

    private static Func<Tensor> AttentionStep(TransformerBlockOptions? options, PatchDropout? patches = null)
    {
        var block = new TransformerBlock(64, 4, 256, options);
        return Step(patches is null ? block : nn.Sequential(patches, block), randn(32, 64, 64));
    }

    private static Func<Tensor> TransformerStep(Func<nn.Module<Tensor, Tensor>>? dropout, AttentionDropout? attention = null) =>
        Step(new TransformerBlock(256, 8, 1024, ThreeSites(dropout) with { AttentionDropout = attention }), TokensOfTransformer());

    private static Func<Tensor> VisionTransformerStep(Func<nn.Module<Tensor, Tensor>>? dropout, AttentionDropout? attention = null) =>
        Step(new TransformerBlock(384, 6, 1536, ThreeSites(dropout) with { AttentionDropout = attention }), TokensOfVisionTransformer());

    private static Tensor TokensOfTransformer() => randn(4, 128, 256).requires_grad_(true);

    private static Tensor TokensOfVisionTransformer() => randn(8, 197, 384).requires_grad_(true);

    private static TransformerBlockOptions ThreeSites(Func<nn.Module<Tensor, Tensor>>? dropout) =>
        new() { AttentionOutputDropout = dropout?.Invoke(), HiddenDropout = dropout?.Invoke(), OutputDropout = dropout?.Invoke() };

    private static Func<Tensor> SequenceStep(
        Func<nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>> create, nn.Module<Tensor, Tensor>? after = null)
    {
        nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> lstm = create();
        Tensor input = randn(20, 32, 64);
        return Step(lstm, () =>
        {
            Tensor output = lstm.call(input, null).Item1;
            return after is null ? output : after.call(output);
        });
    }

    private static Func<Tensor> WordStep(double? dropRate)
    {
        TorchSharp.Modules.Embedding embedding = nn.Embedding(10_000, 64);
        Tensor tokens = randint(10_000, [32, 20], ScalarType.Int64);
        nn.Module<Tensor, Tensor> module = dropRate is double rate ? new EmbeddingDropout(embedding, rate) : embedding;
        return Step(module, () => module.call(tokens));
    }

    private static Func<Tensor> Step(nn.Module<Tensor, Tensor> model, Tensor input, Func<Tensor>? regularizer = null) => Step(model, () => model.call(input), regularizer);

    private static Func<Tensor> Step(nn.Module model, Func<Tensor> forward, Func<Tensor>? regularizer = null)
    {
        optim.Optimizer optimizer = optim.SGD(model.parameters(), 1e-3);
        return () =>
        {
            using DisposeScope scope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor loss = forward().square().mean();
            if (regularizer is not null)
            {
                loss += regularizer();
            }

            loss.backward();
            optimizer.step();
            return loss.detach().MoveToOuterDisposeScope();
        };
    }

    /// <summary>A layer that nothing is fused with.</summary>
    private sealed class Alone : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _layer;

        public Alone(nn.Module<Tensor, Tensor> layer)
            : base(nameof(Alone)) => register_module("layer", _layer = layer);

        public override Tensor forward(Tensor input) => _layer.call(input);
    }

    private sealed class Doubling() : nn.Module<Tensor, Tensor>(nameof(Doubling))
    {
        private readonly Scalar _two = 2f;

        public override Tensor forward(Tensor input) => input.mul(_two);
    }
}
