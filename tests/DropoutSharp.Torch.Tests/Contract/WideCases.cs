using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>The wide form of every wrapped case whose masks have many elements, by the same names.</summary>
public static class WideCases
{
    // Small enough for the gates of a recurrent network to be straight lines to a share of 10⁻⁴.
    private const double Weak = 1e-3;

    private static readonly Dictionary<string, WideCase> Cases = new()
    {
        // 70 of 100 tokens, whichever they are, unscaled.
        ["PatchDropout"] = Of(
            rate => new PatchDropout(rate, 0, 1), module => module.call(ones(100_000, 100, 1)).to(ScalarType.Float64).sum() / 1e7, module => [module.CurrentMask!], keep => keep, _ => 0) with
        {
            Evaluated = _ => 1,
            KeepsAFixedNumber = true,
        },
        ["StochasticDepth, Row"] = Depth(StochasticDepthMode.Row),
        ["StochasticDepth, Subset"] = Depth(StochasticDepthMode.Subset),
        ["StochasticDepth, FixedSubset"] = Depth(StochasticDepthMode.FixedSubset) with { KeepsAFixedNumber = true, Slope = _ => 0 },
        ["StochasticDepth, Row, branch alone"] = Depth(StochasticDepthMode.Row, hasShortcut: false),
        ["StochasticDepth, Subset, branch alone"] = Depth(StochasticDepthMode.Subset, hasShortcut: false),
        ["StochasticDepth, FixedSubset, branch alone"] = Depth(StochasticDepthMode.FixedSubset, hasShortcut: false) with { KeepsAFixedNumber = true, Slope = _ => 0 },
        ["StochasticDepth, Row, scaled at inference"] = Depth(StochasticDepthMode.Row, Scaling.AtInference),
        ["StochasticDepth, Row, without a scale"] = Depth(StochasticDepthMode.Row, Scaling.None) with { Evaluated = _ => 2 },
        ["StochasticDepth, FixedSubset, without a scale"] = Depth(StochasticDepthMode.FixedSubset, Scaling.None) with { KeepsAFixedNumber = true, Slope = _ => 0, Evaluated = _ => 2 },
        ["DropConnect, Linear"] = Weights(() => nn.Linear(3200, 3200), 3200, [1, 3200]),
        ["DropConnect, Conv1d"] = Weights(() => nn.Conv1d(1000, 1000, 10L), 10_000, [1, 1000, 10]),
        ["DropConnect, Conv2d"] = Weights(() => nn.Conv2d(2000, 2240, 3, groups: 4), 4500, [1, 2000, 3, 3]),
        ["DropConnect, Conv3d"] = Weights(() => nn.Conv3d(1000, 1250, 2), 8000, [1, 1000, 2, 2, 2]),
        ["DropConnect, Linear, scaled at inference"] = Weights(() => nn.Linear(3200, 3200), 3200, [1, 3200], new() { Scaling = Scaling.AtInference }),
        ["DropConnect, Linear, a mask a row"] = Weights(() => nn.Linear(100, 100), 100, [1000, 100], new() { PerSample = true }),
        ["DropConnect, Conv2d, a mask a row"] = Weights(() => nn.Conv2d(32, 36, 3), 288, [1000, 32, 3, 3], new() { PerSample = true }),
        ["EmbeddingDropout"] = Embedding(Scaling.Inverted),
        ["EmbeddingDropout, scaled at inference"] = Embedding(Scaling.AtInference),
        ["Zoneout"] = Of(
            rate => new Zoneout(rate, 1),
            module => module.call(ones(3200, 3200), full([3200, 3200], 3f)).to(ScalarType.Float64).mean(),
            module => [module.CurrentMask!],
            keep => 1 + (2 * keep),
            _ => 2),
        ["WeightDropLSTM"] = WeightDropLstm(Scaling.Inverted),
        ["WeightDropLSTM, scaled at inference"] = WeightDropLstm(Scaling.AtInference),
        ["WeightDropGRU"] = WeightDropGru(Scaling.Inverted),
        ["WeightDropGRU, scaled at inference"] = WeightDropGru(Scaling.AtInference),

        // A draw a row of the weight: many passes of a small network take less time than few of one that is wide enough.
        ["WeightDropLSTM, whole rows"] = WeightDropLstm(Scaling.Inverted, 250, wholeRows: true) with { Passes = 10_000, Deciding = 250 },
        ["WeightDropGRU, whole rows"] = WeightDropGru(Scaling.AtInference, 250, wholeRows: true) with { Passes = 13_334, Deciding = 250 },
        ["VariationalLSTM"] = Of(
            rate => new VariationalLSTM(Even(nn.LSTM(32, 32), Weak / 32), rate, rate, 1),
            module => module.call(ones(1, 80_000, 32), (ones(1, 80_000, 32), zeros(1, 80_000, 32))).Item2.to(ScalarType.Float64).mean(),
            module => [module.CurrentInputMask!, module.CurrentStateMask!],
            _ => LstmState(2 * Weak),
            keep => 0.26 * Weak / keep) with
        {
            Passes = 4,
        },
        ["VariationalGRU"] = Of(
            rate => new VariationalGRU(Even(nn.GRU(32, 32), Weak / 32), rate, rate, 1),
            module => module.call(ones(1, 80_000, 32), ones(1, 80_000, 32)).Item2.to(ScalarType.Float64).mean(),
            module => [module.CurrentInputMask!, module.CurrentStateMask!],
            _ => GruState(2 * Weak, Weak),
            keep => 0.76 * Weak / keep) with
        {
            Passes = 4,
        },

        // Without weights every gate is ½ and the candidate 0: a cell of 1 becomes ½, and a state of 1 becomes ½·tanh(cell). The hidden state's masks and the cells' multiply.
        ["ZoneoutLSTM"] = Of(
            rate => new ZoneoutLSTM(Even(nn.LSTM(32, 32), 0), rate, rate, 1),
            module => module.call(zeros(1, 80_000, 32), (ones(1, 80_000, 32), ones(1, 80_000, 32))).Item2.to(ScalarType.Float64).mean(),
            module => [module.CurrentStateMask!, module.CurrentCellMask!],
            keep => 1 - keep + (keep * 0.5 * ((keep * Math.Tanh(0.5)) + ((1 - keep) * Math.Tanh(1)))),
            _ => 1) with
        {
            Evaluated = keep => 1 - keep + (keep * 0.5 * Math.Tanh(1 - (0.5 * keep))),
            Passes = 4,
        },
        ["ZoneoutGRU"] = Of(
            rate => new ZoneoutGRU(Even(nn.GRU(32, 32), 0), rate, 1),
            module => module.call(zeros(1, 80_000, 32), ones(1, 80_000, 32)).Item2.to(ScalarType.Float64).mean(),
            module => [module.CurrentStateMask!],
            keep => 1 - (keep * 0.5),
            _ => 0.5) with
        {
            Passes = 4,
        },

        // Equal scores: every weight is 1/100 before it is dropped.
        ["AttentionDropout.Attend"] = Of(
            rate => new AttentionDropout(rate, seed: 1),
            module => module.Attend(zeros(250, 4, 100, 2), zeros(250, 4, 100, 2), ones(250, 4, 100, 2)).to(ScalarType.Float64).mean(),
            module => [module.CurrentMask!],
            _ => 1,
            keep => 1 / keep),
    };

    /// <summary>The names of all cases.</summary>
    public static TheoryData<string> All => [.. Cases.Keys];

    /// <summary>The case of a name.</summary>
    public static WideCase Of(string name) => Cases[name];

    private static WideCase Of<T>(Func<double, T> create, Func<T, Tensor> run, Func<T, Tensor[]> masks, Func<double, double> mean, Func<double, double> slope)
        where T : nn.Module => new()
        {
            Create = create,
            Run = module => run((T)module).to(ScalarType.Float64).item<double>(),
            Masks = module => masks((T)module),
            Mean = mean,
            Slope = slope,
        };

    private static WideCase Depth(StochasticDepthMode mode, Scaling scaling = Scaling.Inverted, bool hasShortcut = true) => Of(
        rate => new StochasticDepth(Ones(nn.Linear(1, 1)), rate, mode, scaling, hasShortcut ? null : new Nothing(), 1),
        module => module.call(ones(2_500_000, 1)).to(ScalarType.Float64).mean(),
        module => [module.CurrentMask!],
        keep => (hasShortcut ? 1 : 0) + (scaling == Scaling.Inverted ? 1 : keep),
        keep => scaling == Scaling.Inverted ? 1 / keep : 1) with
    {
        Passes = 4,
    };

    private static WideCase Weights(Func<nn.Module<Tensor, Tensor>> layer, int fanIn, long[] shape, DropConnectOptions? options = null) => Of(
        rate => new DropConnect(Ones(layer()), rate, options, 1),
        module => module.call(ones(shape)).to(ScalarType.Float64).mean() / fanIn,
        module => [module.CurrentMask!],
        keep => options?.Scaling == Scaling.AtInference ? keep : 1,
        keep => options?.Scaling == Scaling.AtInference ? 1 : 1 / keep);

    private static WideCase Embedding(Scaling scaling) => Of(
        rate => new EmbeddingDropout((Embedding)Ones(nn.Embedding(2_500_000, 1)), rate, scaling, 1),
        module => module.call(arange(2_500_000)).to(ScalarType.Float64).mean(),
        module => [module.CurrentMask!],
        keep => scaling == Scaling.Inverted ? 1 : keep,
        keep => scaling == Scaling.Inverted ? 1 / keep : 1) with
    {
        Passes = 4,
    };

    // One step from a state of ones, without cells and input: of the weights of an LSTM's four gates only the candidate's count, of the GRU's the update gate's and the candidate's.
    private static WideCase WeightDropLstm(Scaling scaling, int units = 1600, bool wholeRows = false) => Of(
        rate => new WeightDropLSTM(Even(nn.LSTM(1, units), Weak / units), rate, scaling, wholeRows, seed: 1),
        module => module.call(zeros(1, 1, 1), (ones(1, 1, units), zeros(1, 1, units))).Item2.to(ScalarType.Float64).mean(),
        module => [module.CurrentMask!],
        keep => LstmState(scaling == Scaling.Inverted ? Weak : keep * Weak),
        keep => 0.26 * Weak / (scaling == Scaling.Inverted ? keep : 1)) with
    {
        Deciding = units * units,
    };

    private static WideCase WeightDropGru(Scaling scaling, int units = 1850, bool wholeRows = false) => Of(
        rate => new WeightDropGRU(Even(nn.GRU(1, units), Weak / units), rate, scaling, wholeRows, seed: 1),
        module => module.call(zeros(1, 1, 1), ones(1, 1, units)).Item2.to(ScalarType.Float64).mean(),
        module => [module.CurrentMask!],
        keep => scaling == Scaling.Inverted ? GruState(Weak, 0) : GruState(keep * Weak, 0),
        keep => 0.26 * Math.Sqrt(2) * Weak / (scaling == Scaling.Inverted ? keep : 1)) with
    {
        Deciding = units * units,
    };

    private static double LstmState(double gate) => Sigmoid(gate) * Math.Tanh(Sigmoid(gate) * Math.Tanh(gate));

    // The reset gate acts on what comes from the state alone.
    private static double GruState(double gate, double fromInput)
    {
        double candidate = Math.Tanh(fromInput + (Sigmoid(gate) * (gate - fromInput)));
        return candidate + (Sigmoid(gate) * (1 - candidate));
    }

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

    private static T Ones<T>(T module)
        where T : nn.Module => Even(module, 1);

    private static T Even<T>(T module, double weight)
        where T : nn.Module
    {
        using var _ = no_grad();
        foreach ((string name, Parameter parameter) in module.named_parameters())
        {
            parameter.fill_(name.StartsWith("bias", StringComparison.Ordinal) ? 0 : weight);
        }

        return module;
    }

    private sealed class Nothing() : nn.Module<Tensor, Tensor>(nameof(Nothing))
    {
        public override Tensor forward(Tensor input) => zeros_like(input);
    }
}
