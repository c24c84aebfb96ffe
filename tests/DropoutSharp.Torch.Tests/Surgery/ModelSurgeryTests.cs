using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Surgery;

public sealed class ModelSurgeryTests : TensorTests
{
    [Fact]
    public void UseDropoutSharp_AnyNesting_ExchangesAllAndKeepsNamesWeightsAndModes()
    {
        var model = new Nested();
        model.drop.eval();
        Dictionary<string, Tensor> before = model.state_dict();
        string[] names = [.. model.named_modules().Select(entry => entry.name)];
        SurgeryReport report = ModelSurgery.UseDropoutSharp(model, seed: 7);

        Assert.Same(model, report.Model);
        Assert.Equal(7, report.Changes.Count(change => change.IsDone));
        Assert.Empty(report.Refusals);
        Assert.DoesNotContain(model.named_modules(), entry => TorchDropouts.Rate(entry.module) is not null);
        Dictionary<string, Tensor> after = model.state_dict();
        Assert.All(before, entry => Assert.Equal(entry.Value.Handle, after[entry.Key].Handle));
        Assert.Equal(names, model.named_modules().Select(entry => entry.name).Where(name => !name.EndsWith("site", StringComparison.Ordinal)));
        Assert.IsType<SpatialDropout2d>(model.chain[1]);
        Assert.False(model.drop.training);
        Assert.True(model.list[0].training);

        // One module under two names is one module still.
        Assert.Same(model.shared, model.again);
        Assert.IsType<Dropout>(model.shared);
        Assert.Equal(0.3, ((Dropout)model.drop).DropRate.Value);
        Assert.True(((Dropout)model.drop).Inplace);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => (uint)i), DropoutSites.Of(model).Select(site => site.Site.Position.Site));
        Assert.All(DropoutSites.Of(model), site => Assert.Equal(7ul, site.Site.Position.Key));
    }

    [Fact]
    public void UseDropoutSharp_Model_ComputesWithTheNewModules()
    {
        var model = new Nested();
        ModelSurgery.UseDropoutSharp(model, seed: 7);
        model.forward(ones(2, 4, 3, 3));
        Assert.All(DropoutSites.Of(model), site => Assert.True(site.Site.Position.Step > 0, site.Path));
    }

    [Fact]
    public void UseTorchSharp_AfterUseDropoutSharp_IsTheModelAsItWas()
    {
        var model = new Nested();
        string[] before = Kinds(model);
        ModelSurgery.UseDropoutSharp(model);
        SurgeryReport report = ModelSurgery.UseTorchSharp(model);
        Assert.Equal(before, Kinds(model));
        Assert.Empty(report.Refusals);
        Assert.Empty(DropoutSites.Of(model));
        Assert.True(((TorchSharp.Modules.Dropout)model.drop).inplace);
        model.forward(ones(2, 4, 3, 3));

        static string[] Kinds(nn.Module model) => [.. model.named_modules().Select(entry => $"{entry.name} {entry.module.GetType()} {TorchDropouts.Rate(entry.module)}")];
    }

    [Fact]
    public void Exchange_RootItself_GivesANewRoot()
    {
        SurgeryReport report = ModelSurgery.UseDropoutSharp(nn.Dropout(0.3), seed: 1);
        Assert.Equal(0.3, Assert.IsType<Dropout>(report.Model).DropRate.Value);
        Assert.Equal("", Assert.Single(report.Changes).Path);
        Assert.IsType<TorchSharp.Modules.Dropout>(ModelSurgery.UseTorchSharp(report.Model).Model);
        Assert.Contains("the model itself", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Exchange_NothingToDo_SaysSo()
    {
        SurgeryReport report = ModelSurgery.UseDropoutSharp(nn.Linear(2, 2));
        Assert.False(report.HasChanged);
        Assert.Equal("Nothing was changed.", report.ToString());
    }

    [Fact]
    public void Exchange_FieldOfAnotherType_IsRefusedWithTheReasonAndLeftWhole()
    {
        var model = new Narrow();
        SurgeryReport report = ModelSurgery.UseDropoutSharp(model);
        Assert.False(report.HasChanged);
        Assert.Contains("declare it as nn.Module<Tensor, Tensor>", Assert.Single(report.Refusals).Refusal, StringComparison.Ordinal);
        Assert.Same(model.drop, model.named_children().Single().module);
    }

    [Fact]
    public void Exchange_InvalidRateAndMissingCounterparts_AreRefused()
    {
        TorchSharp.Modules.Dropout bad = nn.Dropout(0.5);
        bad.p = 7;
        Assert.Single(ModelSurgery.UseDropoutSharp(nn.Sequential(bad)).Refusals);
        Sequential model = nn.Sequential(new DropBlock2d(0.1), new Dropout(0.2, maskShape: [0, 1]), new Dropout(0.2, scaling: Scaling.AtInference), new SpatialDropout2d(0.2, true), new AlphaDropout(0.2, maskShape: [0, 1]), new DropPath(0.2, scaling: Scaling.None));
        SurgeryReport report = ModelSurgery.UseTorchSharp(model);
        Assert.Equal(6, report.Refusals.Count());
        Assert.False(report.HasChanged);
    }

    [Fact]
    public void UseTorchSharp_RecurrentAndLearnedVariants_AreRefusedByName()
    {
        var parts = new ModuleDict<nn.Module>();
        parts.Add(("weights", new WeightDropLSTM(nn.LSTM(2, 2))));
        parts.Add(("states", new VariationalGRU(nn.GRU(2, 2))));
        parts.Add(("zoneout", new ZoneoutLSTM(nn.LSTM(2, 2))));
        parts.Add(("learned", new VariationalLinear(2, 2)));
        SurgeryReport report = ModelSurgery.UseTorchSharp(new Holder(parts));
        Assert.Equal(["parts.weights", "parts.states", "parts.zoneout", "parts.learned"], report.Refusals.Select(change => change.Path));
    }

    [Fact]
    public void InsertAfter_ModuleThatGivesItsInput_LeavesTheInputAlone()
    {
        using var same = new Same();
        ModelSurgery.InsertAfter(same, (_, module) => module is Same, _ => new Dropout(0.5, seed: 1));
        Tensor input = ones(2, 3);
        same.call(input);
        Assert.False(input.IsInvalid);

        using Linear layer = nn.Linear(3, 3);
        ModelSurgery.InsertAfter(layer, (_, module) => module is Linear, _ => new Same());
        Assert.Equal([2, 3], layer.call(input).shape);
    }

    [Fact]
    public void DropResidualBranches_FrozenLayer_KeepsItsMode()
    {
        BatchNorm1d norm = nn.BatchNorm1d(4);
        Sequential model = nn.Sequential(new Residual(nn.Sequential(nn.Linear(4, 4), norm)));
        norm.eval();
        ModelSurgery.DropResidualBranches(model, depth => DepthRates.Uniform(0.5, depth));
        Assert.False(norm.training);
        Assert.All(model.modules().Where(module => module is not BatchNorm1d), module => Assert.True(module.training, module.GetName()));
    }

    [Fact]
    public void DropResidualBranches_BlockThatIsABranch_IsExchangedToo()
    {
        Sequential model = nn.Sequential(new Residual(new Residual(nn.Linear(4, 4))));
        ModelSurgery.DropResidualBranches(model, depth => DepthRates.Linear(0.5, depth), seed: 1);
        var outer = (StochasticDepth)model.children().Single();
        Assert.Equal(0.25, outer.DropRate.Value);
        Assert.Equal(0.5, Assert.IsType<StochasticDepth>(outer.Branch).DropRate.Value);
        model.call(ones(2, 4));
        Assert.All(DropoutSites.Of(model), site => Assert.Equal(1u, site.Site.Position.Step));
    }

    [Fact]
    public void Sites_Model_ListsPathKindRateAndShape()
    {
        Dropout dropout = new(0.2);
        var model = new ModuleDict<nn.Module>();
        model.Add(("a", dropout));
        model.Add(("b", nn.Dropout2d(0.3)));
        model.Add(("c", new VariationalGRU(nn.GRU(2, 2), 0.1, 0.4)));
        var whole = new Holder(model);
        dropout.forward(ones(2, 3));
        IReadOnlyList<DropoutSiteInfo> sites = ModelSurgery.Sites(whole);
        Assert.Equal(["parts.a", "parts.b", "parts.c.input_site", "parts.c.state_site"], sites.Select(site => site.Path));
        Assert.Equal(["Dropout", "TorchSharp Dropout2d", "VariationalGRU", "VariationalGRU"], sites.Select(site => site.Kind));
        Assert.Equal([0.2, 0.3, 0.1, 0.4], sites.Select(site => site.DropRate));
        Assert.Equal([2, 3], sites[0].LastMaskShape);
        Assert.Null(sites[1].LastMaskShape);
    }

    [Fact]
    public void Sites_AfterAPass_TellTheMaskOfEveryKindOfModule()
    {
        Linear Square() => nn.Linear(6, 6);
        Sequential model = nn.Sequential(
            ("depth", new StochasticDepth(Square(), 0.1)), ("batch", new StochasticDepth(Square(), 0.1, StochasticDepthMode.Batch)), ("layers", new LayerDrop([Square(), Square()], 0.1)),
            ("weights", new DropConnect(Square(), 0.1)));
        EmbeddingDropout words = new(nn.Embedding(9, 6), 0.1);
        Zoneout zoneout = new(0.1);
        WeightDropLSTM drop = new(nn.LSTM(6, 3), 0.1);
        VariationalGRU variational = new(nn.GRU(6, 3), 0.1, 0.1);
        ZoneoutLSTM network = new(nn.LSTM(6, 3), 0.1, 0.1);
        ZoneoutGRU gru = new(nn.GRU(6, 3), 0.1);
        model.forward(ones(4, 6));
        words.forward(zeros([4, 2], ScalarType.Int64));
        zoneout.forward(ones(4, 6), ones(4, 6));
        drop.forward(ones(5, 4, 6));
        variational.forward(ones(5, 4, 6));
        network.forward(ones(5, 4, 6));
        gru.forward(ones(5, 4, 6));
        nn.Module[] all = [model, words, zoneout, drop, variational, network, gru];
        Assert.Equal(
            ["[4]", "[1]", "[2]", "[6, 6]", "[9, 1]", "[4, 6]", "[1, 12, 3]", "[1, 4, 6]", "[1, 4, 3]", "[1, 4, 5, 3]", "[1, 4, 5, 3]", "[1, 4, 5, 3]"],
            all.SelectMany(ModelSurgery.Sites).Select(site => $"[{string.Join(", ", site.LastMaskShape!)}]"));
        Assert.Equal("depth: StochasticDepth, rate 0.1, latest mask [4]", ModelSurgery.Sites(model)[0].ToString());
    }

    [Fact]
    public void UseDropoutSharp_DropoutInsideOfLibtorch_IsRefusedByName()
    {
        SurgeryReport report = ModelSurgery.UseDropoutSharp(nn.TransformerEncoderLayer(8, 2, 16, 0.1));
        Assert.False(report.HasChanged);
        Assert.Equal(
            "the model itself: TransformerEncoderLayer stays, because dropout that it was made with is inside of libtorch, where it cannot be reached", report.ToString());
    }

    [Fact]
    public void UseDropoutSharp_Report_TellsBothLibrariesApart() =>
        Assert.Equal("a: TorchSharp Dropout → Dropout", ModelSurgery.UseDropoutSharp(nn.Sequential(("a", nn.Dropout(0.1)))).ToString());

    [Fact]
    public void SetRates_Pattern_ReachesWhatFits()
    {
        Sequential model = nn.Sequential(("a1", new Dropout(0.2)), ("a2", nn.Dropout(0.3)), ("b", new GaussianDropout(0.1)));
        SurgeryReport report = ModelSurgery.SetRates(model, "a*", 0.6);
        Assert.Equal([0.6, 0.6, 0.1], ModelSurgery.Sites(model).Select(site => site.DropRate));
        Assert.Equal(2, report.Changes.Count);
        Assert.False(ModelSurgery.SetRates(model, "x*", 0.6).HasChanged);
        Assert.Throws<ArgumentOutOfRangeException>(() => ModelSurgery.SetRates(model, "*", 1));
        Assert.Equal([0.6, 0.6, 0.1], ModelSurgery.Sites(model).Select(site => site.DropRate));
    }

    [Fact]
    public void TrainDropoutOnly_Model_DropsWithEverythingElseInEvaluation()
    {
        BatchNorm1d norm = nn.BatchNorm1d(4);
        Sequential model = nn.Sequential(norm, new Dropout(0.5, seed: 1), nn.Dropout(0.5));
        model.eval();
        using (ModelSurgery.TrainDropoutOnly(model))
        {
            Assert.False(norm.training);
            Assert.True(model.forward(ones(8, 4)).eq(0).any().item<bool>());
            Assert.Equal(0, norm.get_buffer("num_batches_tracked")!.item<long>());
            Assert.All(ModelSurgery.Sites(model), site => Assert.True(site.IsTraining));
        }

        Assert.All(ModelSurgery.Sites(model), site => Assert.False(site.IsTraining));
    }

    [Fact]
    public void InsertAfter_Predicate_ActsOnItsOutputAndKeepsNames()
    {
        Sequential inner = nn.Sequential(("fc", nn.Linear(4, 4)), ("act", nn.ReLU()));
        Sequential model = nn.Sequential(("inner", inner), ("head", nn.Linear(4, 2)));
        string[] before = [.. model.state_dict().Keys];
        SurgeryReport report = ModelSurgery.InsertAfter(model, (_, module) => module is Linear, path => path == "head" ? null : new Dropout(1));
        Assert.Equal("inner.fc", Assert.Single(report.Changes).Path);
        Assert.Equal(before, model.state_dict().Keys.Where(key => !key.Contains("dropout_after", StringComparison.Ordinal)));
        Assert.Equal(["inner.fc.dropout_after"], DropoutSites.Of(model).Select(site => site.Path));
        AssertEqual(zeros(3, 4), inner.forward(ones(3, 4)));
        model.eval();
        Assert.False(DropoutSites.Of(model)[0].Site.IsStochastic);
        Assert.False(inner.forward(ones(3, 4)).eq(0).all().item<bool>());
        Assert.Single(ModelSurgery.InsertAfter(model, (_, module) => module is Linear, path => path == "head" ? null : new Dropout(1)).Refusals);
    }

    [Fact]
    public void InsertAfter_Sequential_AppendsToIt()
    {
        Sequential model = nn.Sequential(nn.Linear(4, 4));
        ModelSurgery.InsertAfter(model, (path, _) => path.Length == 0, _ => new Dropout(1));
        AssertEqual(zeros(3, 4), model.forward(ones(3, 4)));
    }

    [Fact]
    public void DropResidualBranches_Blocks_GetTheirDepthsRatesAndKeepTheirWeights()
    {
        Sequential model = nn.Sequential(Enumerable.Range(0, 4).Select(_ => (nn.Module<Tensor, Tensor>)new ResidualMlpBlock(6, 8)).ToArray());
        Dictionary<string, Tensor> before = model.state_dict();
        model.eval();
        Tensor input = randn(3, 6), expected = model.forward(input);
        SurgeryReport report = ModelSurgery.DropResidualBranches(model, depth => DepthRates.Linear(0.4, depth), StochasticDepthMode.Subset, seed: 3);
        Assert.Equal(4, report.Changes.Count);
        Assert.Equal([0.1, 0.2, 0.3, 0.4], ModelSurgery.Sites(model).Select(site => Math.Round(site.DropRate, 12)));
        Assert.All(before, entry => Assert.Equal(entry.Value.Handle, model.state_dict()[entry.Key].Handle));
        AssertClose(expected, model.forward(input));
        Assert.Throws<ArgumentException>(() => ModelSurgery.DropResidualBranches(nn.Sequential(new ResidualMlpBlock(2, 2)), _ => []));
        Assert.False(ModelSurgery.DropResidualBranches(nn.Linear(1, 1), _ => []).HasChanged);
    }

    private sealed class Same() : nn.Module<Tensor, Tensor>(nameof(Same))
    {
        public override Tensor forward(Tensor input) => input;
    }

    private sealed class Nested : nn.Module<Tensor, Tensor>
    {
        public readonly nn.Module<Tensor, Tensor> drop = nn.Dropout(0.3, inplace: true);
        public readonly nn.Module<Tensor, Tensor> shared = nn.Dropout(0.1);
        public readonly nn.Module<Tensor, Tensor> again;
        public readonly Sequential chain = nn.Sequential(nn.Conv2d(4, 4, 1, groups: 2), nn.Dropout2d(0.2), nn.Sequential(nn.AlphaDropout(0.1)));
        public readonly ModuleList<nn.Module<Tensor, Tensor>> list = new(nn.Dropout(0.4), nn.ReLU());
        public readonly ModuleDict<nn.Module<Tensor, Tensor>> dict = new();
        private readonly nn.Module<Tensor, Tensor>[] _array = [nn.FeatureAlphaDropout(0.2)];

        public Nested()
            : base(nameof(Nested))
        {
            again = shared;
            dict.Add(("d", nn.Dropout(0.6)));
            register_module("drop", drop);
            register_module("shared", shared);
            register_module("again", again);
            register_module("chain", chain);
            register_module("list", list);
            register_module("dict", dict);
            register_module("array0", _array[0]);
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = again.call(shared.call(drop.call(input)));
            x = _array[0].call(chain.call(x));
            return dict["d"].call(list[1].call(list[0].call(x)));
        }
    }

    private sealed class Holder : nn.Module
    {
        public Holder(nn.Module parts)
            : base(nameof(Holder)) => register_module("parts", parts);
    }

    private sealed class Narrow : nn.Module<Tensor, Tensor>
    {
        public readonly TorchSharp.Modules.Dropout drop = nn.Dropout(0.3);

        public Narrow()
            : base(nameof(Narrow)) => register_module("drop", drop);

        public override Tensor forward(Tensor input) => drop.call(input);
    }
}
