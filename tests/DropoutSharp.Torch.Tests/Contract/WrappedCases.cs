using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>Every module of the contract suite that wraps something: one entry a module, all tests by name.</summary>
public static class WrappedCases
{
    private const ScalarType Wide = ScalarType.Float64;

    private static readonly Dictionary<string, WrappedCase> Cases = new()
    {
        ["PatchDropout"] = Case(
            (rate, seed) => new PatchDropout(rate, 1, seed), (module, x) => module.call(x), (_, x) => x, KeptTokensOf, module => [(module.Site, module.CurrentMask)]) with
        {
            HasRowMasks = true,
            IsAliasInEvaluation = true,
            Shape = [8, 7, 5],
            Empty = [0, 7, 5],
            WrongShapes = [[], [4], [4, 4], [4, 0, 4], [4, 4, 4, 4]],
            Dropped = (module, x) => [(x, ((PatchDropout)module).CurrentMask!.unsqueeze(-1))],
        },
        ["StochasticDepth, Row"] = Depth(StochasticDepthMode.Row),
        ["StochasticDepth, Subset"] = Depth(StochasticDepthMode.Subset),
        ["StochasticDepth, FixedSubset"] = Depth(StochasticDepthMode.FixedSubset),
        ["StochasticDepth, Batch"] = Depth(StochasticDepthMode.Batch),
        ["StochasticDepth, Row, branch alone"] = BranchAlone(StochasticDepthMode.Row),
        ["StochasticDepth, Subset, branch alone"] = BranchAlone(StochasticDepthMode.Subset),
        ["StochasticDepth, FixedSubset, branch alone"] = BranchAlone(StochasticDepthMode.FixedSubset),
        ["StochasticDepth, Batch, branch alone"] = BranchAlone(StochasticDepthMode.Batch),
        ["StochasticDepth, Row, scaled at inference"] = Depth(StochasticDepthMode.Row, Scaling.AtInference) with { Evaluated = (module, x) => x + (Branch(module, x) * 0.6) },
        ["StochasticDepth, Row, without a scale"] = Depth(StochasticDepthMode.Row, Scaling.None) with { KeepsExpectation = false },
        ["StochasticDepth, FixedSubset, without a scale"] = Depth(StochasticDepthMode.FixedSubset, Scaling.None) with
        {
            KeepsExpectation = false,
            AllDropped = (module, x) => where(Rows((StochasticDepth)module), x + Branch(module, x), x),
        },
        ["DropPath, one draw a batch"] = Case(
            (rate, seed) => new DropPath(rate, wholeBatch: true, seed: seed), (module, x) => module.call(x), (_, x) => x, (_, x) => zeros_like(x), module => [(module.Site, module.CurrentMask)]) with
        {
            IsAliasInEvaluation = true,
            KeepsExpectation = true,
            Dropped = (module, x) => [(x, ((DropPath)module).CurrentMask!)],
        },
        ["LayerDrop"] = Case(
            (rate, seed) => new LayerDrop([Linear(), Linear(), Linear(), Linear(), Linear()], rate, seed),
            (module, x) => module.call(x),
            (module, x) => module.Layers.Aggregate(x, (current, layer) => layer.call(current)),
            (_, x) => x,
            module => [(module.Site, module.CurrentMask)]) with
        {
            IsAliasAtRateOne = true,
            Dropped = (module, _) => [.. ((LayerDrop)module).Layers.Select((layer, i) => (((Linear)layer).weight!, ((LayerDrop)module).CurrentMask![i]))],
        },
        ["DropConnect, Linear"] = Weights(() => Linear(), [8, 6], [[], [4], [4, 5]]),
        ["DropConnect, Conv1d"] = Weights(() => nn.Conv1d(4, 6, 3, padding: 1L, dtype: Wide), [8, 4, 7], [[], [4], [5, 7], [8, 5, 7], [4, 4, 4, 4]]),
        ["DropConnect, Conv2d"] = Weights(() => nn.Conv2d(4, 6, 3, stride: 2L, groups: 2, dtype: Wide), [8, 4, 5, 7], [[], [4, 4], [8, 5, 7, 7], [4, 4, 4, 4, 4]]),
        ["DropConnect, Conv3d"] = Weights(() => nn.Conv3d(2, 3, 2, dtype: Wide), [8, 2, 3, 4, 3], [[], [2, 3, 4], [8, 3, 3, 4, 3], [2, 2, 2, 2, 2, 2]]),
        ["DropConnect, Linear, scaled at inference"] = Weights(() => Linear(), [8, 6], [[], [4], [4, 5]], new() { Scaling = Scaling.AtInference }) with
        {
            Evaluated = (module, x) => (Layer(module, x) * 0.6) + (Layer(module, zeros_like(x)) * 0.4),
        },
        ["DropConnect, Linear, a mask a row"] = Weights(() => Linear(), [8, 6], [[], [4], [4, 5]], new() { PerSample = true }),
        ["DropConnect, Conv2d, a mask a row"] = Weights(() => nn.Conv2d(4, 6, 3, dtype: Wide), [8, 4, 5, 7], [[], [4, 4], [8, 5, 7, 7]], new() { PerSample = true }),
        ["EmbeddingDropout"] = Embedding(),
        ["EmbeddingDropout, scaled at inference"] = Embedding(Scaling.AtInference) with { Evaluated = (module, x) => ((EmbeddingDropout)module).Embedding.call(x) * 0.6 },
        ["Zoneout"] = Case(
            (rate, seed) => new Zoneout(rate, seed),
            (module, x) => module.call(x.chunk(2, -1)[0], x.chunk(2, -1)[1]),
            (_, x) => x.chunk(2, -1)[1],
            (_, x) => x.chunk(2, -1)[0],
            module => [(module.Site, module.CurrentMask)]) with
        {
            HasRowMasks = true,
            KeepsExpectation = true,
            Evaluated = (_, x) => (x.chunk(2, -1)[0] * 0.4) + (x.chunk(2, -1)[1] * 0.6),
            Dropped = (module, x) => [(x, cat([((Zoneout)module).CurrentMask!.logical_not(), ((Zoneout)module).CurrentMask!], -1))],
        },
        ["WeightDropLSTM"] = StateWeightsLstm(Scaling.Inverted),
        ["WeightDropLSTM, scaled at inference"] = StateWeightsLstm(Scaling.AtInference),
        ["WeightDropGRU"] = StateWeightsGru(Scaling.Inverted),
        ["WeightDropGRU, scaled at inference"] = StateWeightsGru(Scaling.AtInference),
        ["WeightDropLSTM, whole rows"] = StateWeightsLstm(Scaling.Inverted, wholeRows: true),
        ["WeightDropGRU, whole rows"] = StateWeightsGru(Scaling.AtInference, wholeRows: true),
        ["VariationalLSTM"] = Sequences(
            (rate, seed) => new VariationalLSTM(Lstm(), rate, rate, seed),
            (module, x) => Flat(module.call(x)),
            (module, x) => Flat(module.Inner.call(x)),
            (module, x) => WithStates(module.Inner, 0, () => Flat(module.Inner.call(zeros_like(x)))),
            module => [(module.InputSite, module.CurrentInputMask), (module.StateSite, module.CurrentStateMask)]) with
        {
            Dropped = (module, x) => [(x, ((VariationalLSTM)module).CurrentInputMask![0])],
        },
        ["VariationalGRU"] = Sequences(
            (rate, seed) => new VariationalGRU(Gru(), rate, rate, seed),
            (module, x) => Flat(module.call(x)),
            (module, x) => Flat(module.Inner.call(x)),
            (module, x) => WithStates(module.Inner, 0, () => Flat(module.Inner.call(zeros_like(x)))),
            module => [(module.InputSite, module.CurrentInputMask), (module.StateSite, module.CurrentStateMask)]) with
        {
            Dropped = (module, x) => [(x, ((VariationalGRU)module).CurrentInputMask![0])],
        },
        ["ZoneoutLSTM"] = Sequences(
            (rate, seed) => new ZoneoutLSTM(Lstm(), rate, rate, seed),
            (module, x) => Flat(module.call(x)),
            (module, x) => Flat(module.Inner.call(x)),
            (module, x) => zeros_like(Flat(module.Inner.call(x))),
            module => [(module.StateSite, module.CurrentStateMask), (module.CellSite, module.CurrentCellMask)]) with
        {
            Evaluated = (module, x) => ZoneoutSteps.Lstm(((ZoneoutLSTM)module).Inner, x, NoStates(x), NoStates(x), ZoneoutSteps.Mean(0.4)),
        },
        ["ZoneoutGRU"] = Sequences(
            (rate, seed) => new ZoneoutGRU(Gru(), rate, seed),
            (module, x) => Flat(module.call(x)),
            (module, x) => Flat(module.Inner.call(x)),
            (module, x) => zeros_like(Flat(module.Inner.call(x))),
            module => [(module.StateSite, module.CurrentStateMask)]) with
        {
            Evaluated = (module, x) => ZoneoutSteps.Gru(((ZoneoutGRU)module).Inner, x, NoStates(x), ZoneoutSteps.Mean(0.4)),
        },
        ["AttentionDropout.Attend"] = Case(
            (rate, seed) => new AttentionDropout(rate, seed: seed),
            (module, x) => module.Attend(x, x.sin(), x.tanh()),
            (_, x) => (x.matmul(x.sin().transpose(-2, -1)) / Math.Sqrt(x.shape[^1])).softmax(-1).matmul(x.tanh()),
            (_, x) => zeros_like(x),
            module => [(module.Site, module.CurrentMask)]) with
        {
            HasRowMasks = true,
            KeepsExpectation = true,
            Shape = [8, 2, 4, 3],
            Empty = [0, 2, 4, 3],
            WrongShapes = [[], [4], [2, 2, 2, 2, 2]],
        },
    };

    /// <summary>The cases with one draw, or a few, for a whole batch: no pass draws many.</summary>
    public static TheoryData<string> FewDraws =>
    [
        "StochasticDepth, Batch", "StochasticDepth, Batch, branch alone", "DropPath, one draw a batch", "LayerDrop",
    ];

    /// <summary>The names of all cases.</summary>
    public static TheoryData<string> All => [.. Cases.Keys];

    /// <summary>The cases in which single mask elements decide about elements of a tensor.</summary>
    public static TheoryData<string> Dropping => [.. Cases.Where(entry => entry.Value.Dropped is not null).Select(entry => entry.Key)];

    /// <summary>The cases whose mean over masks is what evaluation gives.</summary>
    public static TheoryData<string> Unbiased => [.. Cases.Where(entry => entry.Value.KeepsExpectation).Select(entry => entry.Key)];

    /// <summary>The cases whose rows have draws of their own.</summary>
    public static TheoryData<string> ByRow => [.. Cases.Where(entry => entry.Value.HasRowMasks).Select(entry => entry.Key)];

    /// <summary>The cases that refuse some shapes.</summary>
    public static TheoryData<string> Picky => [.. Cases.Where(entry => entry.Value.WrongShapes.Length > 0).Select(entry => entry.Key)];

    /// <summary>The case of a name.</summary>
    public static WrappedCase Of(string name) => Cases[name];

    private static WrappedCase Case<T>(
        Func<double, ulong?, T> create,
        Func<T, Tensor, Tensor> run,
        Func<T, Tensor, Tensor> plain,
        Func<T, Tensor, Tensor> allDropped,
        Func<T, (DropoutSite, Tensor?)[]> masks)
        where T : nn.Module => new()
        {
            Create = create,
            Run = (module, x) => run((T)module, x),
            Plain = (module, x) => plain((T)module, x),
            AllDropped = (module, x) => allDropped((T)module, x),
            Masks = module => masks((T)module),
        };

    private static WrappedCase Sequences<T>(
        Func<double, ulong?, T> create,
        Func<T, Tensor, Tensor> run,
        Func<T, Tensor, Tensor> plain,
        Func<T, Tensor, Tensor> allDropped,
        Func<T, (DropoutSite, Tensor?)[]> masks)
        where T : nn.Module => Case(create, run, plain, allDropped, masks) with
        {
            Shape = [5, 4, 6],
            Empty = [5, 0, 6],
            WrongShapes = [[], [6], [4, 6], [5, 4, 7], [0, 4, 6], [5, 4, 6, 6]],
        };

    private static WrappedCase Depth(StochasticDepthMode mode, Scaling scaling = Scaling.Inverted) => Case(
        (rate, seed) => new StochasticDepth(Linear(), rate, mode, scaling, seed: seed),
        (module, x) => module.call(x),
        (module, x) => x + module.Branch.call(x),
        (module, x) => mode == StochasticDepthMode.FixedSubset ? where(Rows(module), x + (module.Branch.call(x) * x.shape[0]), x) : x,
        module => [(module.Site, module.CurrentMask)]) with
    {
        KeepsExpectation = true,
        HasRowMasks = mode is StochasticDepthMode.Row or StochasticDepthMode.Subset,
        IsAliasAtRateOne = mode is StochasticDepthMode.Batch or StochasticDepthMode.Subset,
        WrongShapes = mode == StochasticDepthMode.Batch ? [] : [[]],
    };

    private static WrappedCase StateWeightsLstm(Scaling scaling, bool wholeRows = false) => Sequences(
        (rate, seed) => new WeightDropLSTM(Lstm(), rate, scaling, wholeRows, seed),
        (module, x) => Flat(module.call(x)),
        (module, x) => Flat(module.Inner.call(x)),
        (module, x) => WithStates(module.Inner, 0, () => Flat(module.Inner.call(x))),
        module => [(module.Site, module.CurrentMask)]) with
    {
        Evaluated = scaling == Scaling.Inverted ? null : (module, x) => WithStates(((WeightDropLSTM)module).Inner, 0.6, () => Flat(((WeightDropLSTM)module).Inner.call(x))),
        Dropped = (module, _) => StateWeights(((WeightDropLSTM)module).Inner, ((WeightDropLSTM)module).CurrentMask!),
    };

    private static WrappedCase StateWeightsGru(Scaling scaling, bool wholeRows = false) => Sequences(
        (rate, seed) => new WeightDropGRU(Gru(), rate, scaling, wholeRows, seed),
        (module, x) => Flat(module.call(x)),
        (module, x) => Flat(module.Inner.call(x)),
        (module, x) => WithStates(module.Inner, 0, () => Flat(module.Inner.call(x))),
        module => [(module.Site, module.CurrentMask)]) with
    {
        Evaluated = scaling == Scaling.Inverted ? null : (module, x) => WithStates(((WeightDropGRU)module).Inner, 0.6, () => Flat(((WeightDropGRU)module).Inner.call(x))),
        Dropped = (module, _) => StateWeights(((WeightDropGRU)module).Inner, ((WeightDropGRU)module).CurrentMask!),
    };

    // Without a shortcut around the branch it is seen which rows have reached it.
    private static WrappedCase BranchAlone(StochasticDepthMode mode) => Case(
        (rate, seed) => new StochasticDepth(Linear(), rate, mode, shortcut: new Nothing(), seed: seed),
        (module, x) => module.call(x),
        (module, x) => module.Branch.call(x),
        (module, x) => mode == StochasticDepthMode.FixedSubset ? where(Rows(module), module.Branch.call(x) * x.shape[0], zeros_like(x)) : zeros_like(x),
        module => [(module.Site, module.CurrentMask)]) with
    {
        Dropped = (module, x) => [(x, Rows((StochasticDepth)module))],
    };

    private static WrappedCase Weights(
        Func<nn.Module<Tensor, Tensor>> layer, long[] shape, long[][] wrongShapes, DropConnectOptions? options = null) => Case(
        (rate, seed) => new DropConnect(layer(), rate, options, seed),
        (module, x) => module.call(x),
        (module, x) => module.Layer.call(x),
        (module, x) => module.Layer.call(zeros_like(x)),
        module => [(module.Site, module.CurrentMask)]) with
        {
            Shape = shape,
            Empty = [0, .. shape[1..]],
            KeepsExpectation = true,
            HasRowMasks = options is { PerSample: true },
            WrongShapes = wrongShapes,
            Dropped = options is { PerSample: true }
            ? (module, _) => [(((DropConnect)module).Layer.get_parameter("weight")!, ((DropConnect)module).CurrentMask!.any(0))]
            : (module, _) => [(((DropConnect)module).Layer.get_parameter("weight")!, ((DropConnect)module).CurrentMask!)],
        };

    private static WrappedCase Embedding(Scaling scaling = Scaling.Inverted) => Case(
        (rate, seed) => new EmbeddingDropout(nn.Embedding(12, 5, dtype: Wide), rate, scaling, seed),
        (module, x) => module.call(x),
        (module, x) => module.Embedding.call(x),
        (module, x) => zeros_like(module.Embedding.call(x)),
        module => [(module.Site, module.CurrentMask)]) with
    {
        Words = 12,
        KeepsExpectation = true,
        Dropped = (module, _) => [(((EmbeddingDropout)module).Embedding.weight!, ((EmbeddingDropout)module).CurrentMask!)],
    };

    private static Linear Linear() => nn.Linear(6, 6, dtype: Wide);

    private static LSTM Lstm() => nn.LSTM(6, 3, dtype: Wide);

    private static GRU Gru() => nn.GRU(6, 3, dtype: Wide);

    private static Tensor NoStates(Tensor x) => zeros([1, x.shape[1], 3], x.dtype);

    private static Tensor Branch(nn.Module module, Tensor x) => ((StochasticDepth)module).Branch.call(x);

    private static Tensor Layer(nn.Module module, Tensor x) => ((DropConnect)module).Layer.call(x);

    private static Tensor Rows(StochasticDepth module) => module.CurrentMask!.unsqueeze(-1);

    private static Tensor KeptTokensOf(PatchDropout module, Tensor x) => x[module.CurrentMask!].reshape(x.shape[0], -1, x.shape[2]);

    private static Tensor Flat((Tensor, Tensor) of) => cat([of.Item1.flatten(), of.Item2.flatten()]);

    private static Tensor Flat((Tensor, Tensor, Tensor) of) => cat([of.Item1.flatten(), of.Item2.flatten(), of.Item3.flatten()]);

    private static (Tensor, Tensor)[] StateWeights(nn.Module inner, Tensor masks) => [(inner.get_parameter("weight_hh_l0")!, masks[0])];

    // What the layer gives with its hidden-to-hidden weights multiplied.
    private static Tensor WithStates(nn.Module inner, double factor, Func<Tensor> run)
    {
        using var _ = no_grad();
        Tensor weight = inner.get_parameter("weight_hh_l0")!, copy = weight.clone();
        weight.mul_(factor);
        Tensor output = run();
        weight.copy_(copy);
        return output;
    }

    private sealed class Nothing() : nn.Module<Tensor, Tensor>(nameof(Nothing))
    {
        public override Tensor forward(Tensor input) => zeros_like(input);
    }
}
