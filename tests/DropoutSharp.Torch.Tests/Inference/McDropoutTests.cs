using DropoutSharp.Uncertainty;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Inference;

public sealed class McDropoutTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Stream_SameSeed_GivesTheSamePassesAndAnotherSeedOthers()
    {
        McDropout dropout = new(Network(new Dropout(0.5, seed: 1)));
        Tensor x = ones(6, 4);
        float[][] first = Outputs(dropout, x, new(Passes: 5, Seed: 3));

        Assert.Equal(first, Outputs(dropout, x, new(Passes: 5, Seed: 3)));
        Assert.NotEqual(first, Outputs(dropout, x, new(Passes: 5, Seed: 4)));
        Assert.Equal(5, first.Select(pass => string.Join(' ', pass)).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Stream_AnyBatchSize_GivesTheSamePasses(int batchSize)
    {
        McDropout dropout = new(new Dropout(0.5, seed: 1));
        Tensor x = arange(1, 29, ScalarType.Float32).reshape(7, 4);
        float[][] whole = Outputs(dropout, x, new(Passes: 3));

        Assert.Equal(whole, Outputs(dropout, x, new(Passes: 3, BatchSize: batchSize)));

        // Rows 3 to 6 streamed on their own, counted from the whole.
        float[][] tail = Outputs(dropout, x.narrow(0, 3, 4), new(Passes: 3, FirstRow: 3));
        Assert.Equal(whole.Select(pass => pass[12..]), tail);
    }

    [Fact]
    public void Stream_SharedByRows_DropsTheSameInEveryRowOfAPass()
    {
        McDropout dropout = new(new Dropout(0.5, seed: 1));
        float[][] shared = Outputs(dropout, ones(4, 50), new(Passes: 8, IsSharedByRows: true));
        float[][] own = Outputs(dropout, ones(4, 50), new(Passes: 8));

        Assert.All(shared, pass => Assert.All(pass.Chunk(50), row => Assert.Equal(pass[..50], row)));
        Assert.All(own, pass => Assert.NotEqual(pass[..50], pass[50..100]));
        Assert.Equal(8, shared.Select(pass => string.Join(' ', pass)).Distinct().Count());
    }

    [Fact]
    public void Stream_Masks_AreNotThoseOfTraining()
    {
        Dropout site = new(0.5, seed: 9);
        site.train();
        float[] training = [.. site.call(ones(1, 200)).data<float>()];
        MaskStream position = site.Position;
        float[] sampled = Outputs(new McDropout(site), ones(1, 200), new(Passes: 1, Seed: 9))[0];

        Assert.NotEqual(training, sampled);
        Assert.Equal(position, site.Position);
    }

    [Fact]
    public void Stream_Masks_AreThoseOfPassStream()
    {
        McDropout dropout = new(nn.Sequential(("a", nn.Identity()), ("b", new Dropout(0.4, seed: 1))));
        float[][] passes = Outputs(dropout, ones(3, 20), new(Passes: 2, Seed: 5));

        for (int pass = 0; pass < 2; pass++)
        {
            MaskStream stream = McDropout.PassStream(5, pass, 0);
            Assert.Equal(Enumerable.Range(0, 60).Select(i => stream.IsKept(i, 0.4)), passes[pass].Select(y => y != 0));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stream_ModelWithBatchNorm_LeavesEverythingAsItWas(bool training)
    {
        nn.Module<Tensor, Tensor> norm = nn.BatchNorm1d(4);
        nn.Module<Tensor, Tensor> inner = nn.Sequential(("norm", norm), ("own", new Dropout(0.5, seed: 1)), ("torch", nn.Dropout(0.5)));
        nn.Module<Tensor, Tensor> model = nn.Sequential(("first", nn.Linear(4, 4)), ("inner", inner));
        model.train(training);
        norm.train(!training);
        Dictionary<string, byte[]> before = State(model);
        bool[] modes = [.. model.named_modules().Select(m => m.module.training)];
        manual_seed(17);
        Tensor generator = get_rng_state();

        foreach (Tensor output in new McDropout(model).Stream(rand(10, 4, generator: new Generator(1)), new(Passes: 3)))
        {
            Assert.Equal(modes, model.named_modules().Select(m => m.module.training));
            Assert.False(output.requires_grad);
        }

        Assert.Equal(training, model.training);
        Assert.Equal(before, State(model));
        Assert.True(generator.equal(get_rng_state()).all().item<bool>());
    }

    [Fact]
    public void Stream_ForwardThatThrows_LeavesTheModelAsItWas()
    {
        Dropout site = new(0.5, seed: 1);
        nn.Module<Tensor, Tensor> model = nn.Sequential(("a", site), ("b", nn.Linear(3, 3)));
        model.train();

        Assert.ThrowsAny<Exception>(() => new McDropout(model).Stream(ones(2, 5), new()).First());
        Assert.True(model.training && site.training);
        model.eval();
        Assert.False(site.Site.IsStochastic);
    }

    [Fact]
    public void Stream_TorchSharpsOwnDropout_IsStochasticAndRepeatable()
    {
        McDropout dropout = new(nn.Sequential(("a", nn.Linear(4, 50)), ("b", nn.Dropout(0.5))));
        float[][] first = Outputs(dropout, ones(3, 4), new(Passes: 4, Seed: 2));

        Assert.Equal(first, Outputs(dropout, ones(3, 4), new(Passes: 4, Seed: 2)));
        Assert.NotEqual(first[0], first[1]);
        Assert.Contains(0, first[0]);
        Assert.Equal([new McDropoutSite("b", "Dropout", 0.5, true)], dropout.Sites);
        Assert.StartsWith(
            "Masks shared by rows need this library's dropout modules; received TorchSharp's Dropout at \"b\".",
            Assert.Throws<ArgumentException>(() => dropout.Stream(ones(1, 4), new(IsSharedByRows: true))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sites_OfAnyNesting_AreFound()
    {
        Dropout shared = new(0.1, seed: 1);
        nn.Module<Tensor, Tensor> model = nn.Sequential(
            ("a", nn.Sequential(("b", nn.Sequential(("c", shared), ("d", nn.Dropout2d(0.2)))))), ("again", shared));

        Assert.Equal(
            [new McDropoutSite("a.b.c", "Dropout", 0.1, false), new McDropoutSite("a.b.d", "Dropout2d", 0.2, true)], new McDropout(model).Sites);
        Assert.Equal([new McDropoutSite("", "Dropout", 0.1, false)], new McDropout(shared).Sites);
        Assert.Equal([new McDropoutSite("", "Dropout", 0.3, true)], new McDropout(nn.Dropout(0.3)).Sites);
    }

    [Fact]
    public void Stream_NamedLayerWithDropoutInside_IsStochastic()
    {
        McDropout dropout = new(new EncoderOnly(nn.TransformerEncoderLayer(8, 2, 16, dropout: 0.5)), module => module is TorchSharp.Modules.TransformerEncoderLayer);
        float[][] passes = Outputs(dropout, ones(3, 2, 8), new(Passes: 2));

        Assert.NotEqual(passes[0], passes[1]);
        Assert.Equal(passes, Outputs(dropout, ones(3, 2, 8), new(Passes: 2)));
        Assert.Null(dropout.Warning);
    }

    [Fact]
    public void Moments_LinearModel_AreThoseOfItsMasks()
    {
        // y = Σ x_i m_i / p over 100 units of 1: mean 100, variance 100·r/p = 100 at r = ½.
        const int Units = 100, Rows = 100, Passes = 200;
        nn.Module<Tensor, Tensor> sum = new SumRows(new Dropout(0.5, seed: 1));
        RegressionMoments moments = new McDropout(sum).Regression(ones(Rows, Units, ScalarType.Float64), new(Passes));

        // The mean of Rows·Passes draws of standard deviation 10; the variance of a sample variance of nearly normal draws is 2σ⁴/n.
        const double Draws = Rows * Passes;
        Assert.Equal(100, moments.GetMean().Average(), 5 * 10 / Math.Sqrt(Draws));
        Assert.Equal(100 * (Passes - 1.0) / Passes, moments.GetEpistemicVariance().Average(), 5 * 100 * Math.Sqrt(2 / Draws));
        RegressionMoments noisy = new McDropout(sum).Regression(ones(3, Units), new(4), y => (y, ones_like(y) * 0.25));
        Assert.Equal([0.25, 0.25, 0.25], noisy.GetAleatoricVariance());
        Assert.Equal([0.25, 0.25, 0.25], new McDropout(sum).Regression(ones(3, Units), new(4), precision: 4).GetAleatoricVariance());
    }

    [Fact]
    public void Classification_OfLogits_IsTheMomentsOfItsPasses()
    {
        nn.Module<Tensor, Tensor> model = Network(new Dropout(0.5, seed: 1));
        Tensor x = rand(5, 4, generator: new Generator(2));
        McDropout dropout = new(model);
        ClassificationMoments logits = dropout.Classification(x, new(Passes: 7));
        ClassificationMoments expected = new(5, 3);
        foreach (float[] pass in Outputs(dropout, x, new(Passes: 7)))
        {
            expected.AddLogits<float>(pass);
        }

        Assert.Equal(expected.GetMutualInformation(), logits.GetMutualInformation());
        Assert.Contains(logits.GetMutualInformation(), value => value > 0);
    }

    [Fact]
    public void McDropout_Misuse_SaysWhatMustBe()
    {
        McDropout dropout = new(new Dropout(0.5, seed: 1));
        Assert.StartsWith(
            "Monte-Carlo dropout needs a model with dropout; found none among its 1 modules.",
            Assert.Throws<ArgumentException>(() => new McDropout(nn.Linear(2, 2))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The number of passes must be at least 1; received 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => dropout.Stream(ones(1, 1), new(Passes: 0))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Input must have at least one row, along its first dimension; received the shape [0, 3].",
            Assert.Throws<ArgumentException>(() => dropout.Stream(ones(0, 3), new())).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The noise precision τ must be positive and finite; received 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => dropout.Regression(ones(1, 1), new(), 0)).Message, StringComparison.Ordinal);
        Assert.Null(dropout.Warning);
        Assert.Equal(
            "Every drop rate is 0 (1 site): all passes are the same and show no uncertainty.", new McDropout(new Dropout(0, seed: 1)).Warning);
    }

    private static nn.Module<Tensor, Tensor> Network(nn.Module<Tensor, Tensor> dropout) =>
        nn.Sequential(("in", nn.Linear(4, 32)), ("relu", nn.ReLU()), ("drop", dropout), ("out", nn.Linear(32, 3)));

    private static float[][] Outputs(McDropout dropout, Tensor x, McDropoutOptions options) =>
        [.. dropout.Stream(x, options).Select(output => output.contiguous().data<float>().ToArray())];

    private static Dictionary<string, byte[]> State(nn.Module model) => model.state_dict().ToDictionary(p => p.Key, p => p.Value.bytes.ToArray());

    private sealed class SumRows : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _dropout;

        public SumRows(nn.Module<Tensor, Tensor> dropout)
            : base(nameof(SumRows))
        {
            _dropout = dropout;
            register_module("dropout", dropout);
        }

        public override Tensor forward(Tensor input) => _dropout.call(input).sum(1);
    }

    private sealed class EncoderOnly : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.TransformerEncoderLayer _encoder;

        public EncoderOnly(TorchSharp.Modules.TransformerEncoderLayer encoder)
            : base(nameof(EncoderOnly))
        {
            _encoder = encoder;
            register_module("encoder", encoder);
        }

        public override Tensor forward(Tensor input) => _encoder.call(input, null!, null!);
    }
}
