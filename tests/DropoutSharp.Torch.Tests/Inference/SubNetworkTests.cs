using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Inference;

public sealed class SubNetworkTests : IDisposable
{
    // What draws in another way than by masks that rows can share, or is not taken apart.
    private static readonly string[] Refused =
        ["gaussian", "drop connect", "concrete", "blocks of maps", "transformer", "convolutional residual", "stochastic depth by fixed subset"];

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Models => [.. RandomModels.Named.Keys.Except(Refused)];

    public static TheoryData<string> RefusedModels => [.. Refused];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void OfPass_AnyModel_PredictsAsTheMaskedNetworkDid(string name)
    {
        (nn.Module<Tensor, Tensor> model, Tensor rows) = RandomModels.Named[name]();
        AssertSame(model, rows, 11);
    }

    [Fact]
    public void OfPass_RandomArchitectures_PredictAsTheMaskedNetworkDid()
    {
        int compared = 0;
        for (ulong seed = 0; seed < 25; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (nn.Module<Tensor, Tensor> model, Tensor rows) = RandomModels.Create(seed);
            if (!model.modules().OfType<StochasticDepth>().Any(depth => depth.Mode == StochasticDepthMode.FixedSubset))
            {
                AssertSame(model, rows, seed);
                compared++;
            }
        }

        Assert.True(compared > 10);
    }

    [Theory]
    [MemberData(nameof(RefusedModels))]
    public void OfPass_MasksThatNoSmallerModelHas_NamesWhatDraws(string name)
    {
        (nn.Module<Tensor, Tensor> model, Tensor rows) = RandomModels.Named[name]();

        Assert.StartsWith(
            "A sub-network needs masks that all rows share, in modules that can be looked into; received",
            Assert.Throws<ArgumentException>(() => SubNetwork.OfPass(model, 1, 0, rows.shape.AsSpan(1..))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void At_PositionOfTraining_PredictsAsTrainingDid()
    {
        nn.Module<Tensor, Tensor> model = nn.Sequential(
            nn.Linear(6, 40), nn.ReLU(), new BatchwiseDropout(0.5), nn.Linear(40, 30), nn.ReLU(), new BatchwiseDropout(0.5), nn.Linear(30, 2));
        DropoutSites.Seed(model, 7);
        model.train();
        Tensor rows = rand(5, 6, generator: new Generator(1));
        for (uint step = 0; step < 3; step++)
        {
            nn.Module<Tensor, Tensor> small = SubNetwork.At(model, 7, step, 6);
            AssertClose(model.call(rows), small.call(rows));
            Assert.True(model.training);
        }
    }

    [Fact]
    public void OfPass_UnitsThatAreDropped_AreNotThere()
    {
        nn.Module<Tensor, Tensor> model = nn.Sequential(nn.Linear(6, 400), nn.ReLU(), new Dropout(0.5, seed: 1), nn.Linear(400, 300), nn.ReLU(), new Dropout(0.5, seed: 1, site: 1), nn.Linear(300, 2));
        nn.Module<Tensor, Tensor> small = SubNetwork.OfPass(model, 3, 4, 6);
        long first = McDropout.PassStream(3, 4, 0).CountKept(400, 0.5), second = McDropout.PassStream(3, 4, 1).CountKept(300, 0.5);

        Assert.Empty(DropoutSites.Of(small));
        Assert.Equal(
            [(6, first), (first, second), (second, 2)],
            small.modules().OfType<TorchSharp.Modules.Linear>().Select(layer => (layer.in_features, layer.out_features)));
        Assert.False(small.training);
    }

    [Fact]
    public void OfPass_Misuse_SaysWhatMustBe()
    {
        Dropout twice = new(0.5, seed: 1);
        Assert.StartsWith(
            "A sub-network needs a model that can be taken apart; the dropout at \"c\" is used more than once in a pass.",
            Assert.Throws<ArgumentException>(() => SubNetwork.OfPass(nn.Sequential(("a", twice), ("b", nn.Linear(3, 3)), ("c", twice)), 1, 0, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SubNetwork.OfPass(twice, 1, -1, 3));
        Assert.StartsWith(
            "An ensemble must have at least one member; received none.",
            Assert.Throws<ArgumentException>(() => new SubNetworkEnsemble([], true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ensemble_OfPasses_SaysTheirMean()
    {
        nn.Module<Tensor, Tensor> model = nn.Sequential(nn.Linear(6, 40), nn.ReLU(), new Dropout(0.5, seed: 1), nn.Linear(40, 3));
        Tensor rows = rand(5, 6, generator: new Generator(1));
        Tensor[] passes = [.. new McDropout(model).Stream(rows, new(4, 9, IsSharedByRows: true))];
        nn.Module<Tensor, Tensor>[] members = [.. Enumerable.Range(0, 4).Select(pass => SubNetwork.OfPass(model, 9, pass, 6))];

        AssertClose(stack(passes).mean([0]), new SubNetworkEnsemble(members, isClassifier: false).call(rows));
        AssertClose(stack(passes).softmax(-1).mean([0]), new SubNetworkEnsemble(members, isClassifier: true).call(rows).softmax(-1));
    }

    [Fact]
    public void Ensemble_SavedAndLoaded_SaysTheSame()
    {
        using DropoutSharp.Torch.Tests.TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "ensemble.safetensors");
        (nn.Module<Tensor, Tensor> model, Tensor rows) = RandomModels.Named["residual"]();
        SubNetworkEnsemble saved = Ensemble(model);
        ModuleWeights.Save(file, saved);

        // The shapes follow from the masks; the weights of another network are replaced.
        SubNetworkEnsemble loaded = Ensemble(RandomModels.Named["residual"]().Model);
        Assert.NotEqual(saved.call(rows).data<float>().ToArray(), loaded.call(rows).data<float>().ToArray());
        ModuleWeights.Load(file, loaded);
        Assert.Equal(saved.call(rows).data<float>().ToArray(), loaded.call(rows).data<float>().ToArray());

        SubNetworkEnsemble Ensemble(nn.Module<Tensor, Tensor> whole) => new([.. Enumerable.Range(0, 3).Select(pass => SubNetwork.OfPass(whole, 1, pass, rows.shape.AsSpan(1..)))], false);
    }

    private static void AssertSame(nn.Module<Tensor, Tensor> model, Tensor rows, ulong seed)
    {
        McDropoutOptions options = new(3, seed, IsSharedByRows: true, Execution: McExecution.Plain);
        int pass = 0;
        foreach (Tensor masked in new McDropout(model).Stream(rows, options))
        {
            nn.Module<Tensor, Tensor> small = SubNetwork.OfPass(model, seed, pass++, rows.shape.AsSpan(1..));
            using IDisposable noGradient = no_grad();
            Assert.Empty(DropoutSites.Of(small));
            AssertClose(masked, small.call(rows));
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        double size = 1 + (expected.numel() == 0 ? 0 : expected.abs().max().to(ScalarType.Float64).item<double>());
        Assert.True(expected.numel() == 0 || (expected - actual).abs().max().to(ScalarType.Float64).item<double>() <= 1e-5 * size);
    }
}
