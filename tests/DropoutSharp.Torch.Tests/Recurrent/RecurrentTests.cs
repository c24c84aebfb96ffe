using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Recurrent;

public sealed class RecurrentTests : TensorTests
{
    private const int Steps = 6, Rows = 4, Features = 5, Units = 3;

    /// <summary>Layers, directions, biases, batch first.</summary>
    public static TheoryData<int, bool, bool, bool> Forms => new()
    {
        { 1, false, true, false }, { 2, false, true, true }, { 1, true, true, true }, { 3, true, false, false },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Loop_WithoutNoise_IsTorchSharpsOwn(int layers, bool bidirectional, bool bias, bool batchFirst)
    {
        LSTM lstm = Lstm(layers, bidirectional, bias, batchFirst);
        GRU gru = Gru(layers, bidirectional, bias, batchFirst);
        Tensor input = Input(batchFirst);
        long chains = layers * (bidirectional ? 2 : 1);
        Tensor hidden = randn([chains, Rows, Units], ScalarType.Float64), cell = randn([chains, Rows, Units], ScalarType.Float64);

        // Without draws both forms of zoneout are the loop alone.
        (Tensor output, Tensor h, Tensor c) = new ZoneoutLSTM(lstm, 0, 0).forward(input, (hidden, cell));
        (Tensor expected, Tensor expectedH, Tensor expectedC) = lstm.call(input, (hidden, cell));
        AssertClose(expected, output, 1e-12);
        AssertClose(expectedH, h, 1e-12);
        AssertClose(expectedC, c, 1e-12);
        (output, h) = new ZoneoutGRU(gru, 0).forward(input, hidden);
        (expected, expectedH) = gru.call(input, hidden);
        AssertClose(expected, output, 1e-12);
        AssertClose(expectedH, h, 1e-12);
        AssertClose(lstm.call(input).Item1, new ZoneoutLSTM(lstm, 0, 0).forward(input).Item1, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void WeightDrop_Training_IsTheLayerWithDroppedWeights(int layers, bool bidirectional, bool bias, bool batchFirst)
    {
        LSTM lstm = Lstm(layers, bidirectional, bias, batchFirst);
        GRU gru = Gru(layers, bidirectional, bias, batchFirst);
        Tensor input = Input(batchFirst);
        var dropLstm = new WeightDropLSTM(lstm, 0.4, seed: 1);
        var dropGru = new WeightDropGRU(gru, 0.4, seed: 1);
        Tensor output = dropLstm.forward(input).Item1, gruOutput = dropGru.forward(input).Item1;

        AssertClose(WithHidden(lstm, weight => weight / 0.6, dropLstm.CurrentMask!, () => lstm.call(input).Item1), output, 1e-12);
        AssertClose(WithHidden(gru, weight => weight / 0.6, dropGru.CurrentMask!, () => gru.call(input).Item1), gruOutput, 1e-12);
        Assert.Equal([layers * (bidirectional ? 2 : 1), 4 * Units, Units], dropLstm.CurrentMask!.shape);
        using (dropLstm.Site.Use(dropLstm.CurrentMask!))
        {
            AssertEqual(output, dropLstm.forward(input).Item1);
        }

        using (dropLstm.Site.Use(ones([1, 2], ScalarType.Bool)))
        {
            Assert.Throws<ArgumentException>(() => dropLstm.forward(input));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void WeightDrop_WholeRows_AreKeptOrDroppedTogether(int layers, bool bidirectional, bool bias, bool batchFirst)
    {
        LSTM lstm = Lstm(layers, bidirectional, bias, batchFirst);
        GRU gru = Gru(layers, bidirectional, bias, batchFirst);
        Tensor input = Input(batchFirst);
        var dropLstm = new WeightDropLSTM(lstm, 0.4, wholeRows: true, seed: 1);
        var dropGru = new WeightDropGRU(gru, 0.4, wholeRows: true, seed: 1);
        Tensor output = dropLstm.forward(input).Item1, gruOutput = dropGru.forward(input).Item1;
        int chains = layers * (bidirectional ? 2 : 1);

        Assert.Equal([chains, 4 * Units, 1], dropLstm.CurrentMask!.shape);
        AssertClose(WithHidden(lstm, weight => weight / 0.6, dropLstm.CurrentMask!.expand(chains, 4 * Units, Units), () => lstm.call(input).Item1), output, 1e-12);
        AssertClose(WithHidden(gru, weight => weight / 0.6, dropGru.CurrentMask!.expand(chains, 3 * Units, Units), () => gru.call(input).Item1), gruOutput, 1e-12);
        using (dropLstm.Site.Use(dropLstm.CurrentMask!))
        {
            AssertEqual(output, dropLstm.forward(input).Item1);
        }

        dropLstm.eval();
        AssertClose(lstm.call(input).Item1, dropLstm.forward(input).Item1, 1e-12);
    }

    [Fact]
    public void WeightDrop_Backward_ReachesKeptWeightsOnly()
    {
        LSTM lstm = Lstm(2, false, true, true);
        var drop = new WeightDropLSTM(lstm, 0.4, seed: 1);
        Tensor input = Input(true).requires_grad_(true);
        AssertGradients(
            () =>
            {
                drop.Position = new MaskStream(6);
                return drop.forward(input).Item1;
            },
            [input, .. lstm.parameters()]);
        AssertEqual(drop.CurrentMask![1], lstm.get_parameter("weight_hh_l1")!.grad!.ne(0));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void AllForms_Evaluation_AreTheLayerItself(int layers, bool bidirectional, bool bias, bool batchFirst)
    {
        LSTM lstm = Lstm(layers, bidirectional, bias, batchFirst);
        GRU gru = Gru(layers, bidirectional, bias, batchFirst);
        Tensor input = Input(batchFirst), expected = lstm.call(input).Item1, expectedGru = gru.call(input).Item1;
        nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>[] lstms = [new WeightDropLSTM(lstm), new VariationalLSTM(lstm)];
        nn.Module<Tensor, Tensor?, (Tensor, Tensor)>[] grus = [new WeightDropGRU(gru), new VariationalGRU(gru)];
        foreach (var module in lstms)
        {
            module.eval();
            AssertEqual(expected, module.call(input, null).Item1);
        }

        foreach (var module in grus)
        {
            module.eval();
            AssertEqual(expectedGru, module.call(input, null).Item1);
        }

        var classic = new WeightDropLSTM(lstm, 0.4, Scaling.AtInference);
        classic.eval();
        Tensor all = ones([layers * (bidirectional ? 2 : 1), 4 * Units, Units], ScalarType.Bool);
        AssertClose(WithHidden(lstm, weight => weight * 0.6, all, () => lstm.call(input).Item1), classic.forward(input).Item1, 1e-12);
    }

    [Fact]
    public void Variational_Inputs_HaveOneMaskOverTime()
    {
        LSTM lstm = Lstm(1, false, true, true);
        var module = new VariationalLSTM(lstm, 0.4, 0, seed: 1);
        var locked = new LockedDropout(0.4, seed: 1);
        Tensor input = Input(true);
        AssertClose(lstm.call(locked.forward(input)).Item1, module.forward(input).Item1, 1e-12);
    }

    [Fact]
    public void Variational_States_HaveOneMaskOverTime()
    {
        // A state that is masked alike in every step is a hidden weight whose columns are masked, row by row of the batch.
        LSTM lstm = Lstm(1, false, true, true);
        var module = new VariationalLSTM(lstm, 0, 0.4, seed: 1);
        Tensor input = Input(true), output = module.forward(input).Item1;
        Tensor mask = MaskedNoise.MaskTensor(new MaskStream(1, 0, 1), 0.4, [Rows, Units], 0, CPU);
        for (int row = 0; row < Rows; row++)
        {
            Tensor columns = mask[row].expand(4 * Units, Units).unsqueeze(0);
            Tensor alone = WithHidden(lstm, weight => weight / 0.6, columns, () => lstm.call(input.narrow(0, row, 1)).Item1);
            AssertClose(alone, output.narrow(0, row, 1), 1e-12);
        }
    }

    [Fact]
    public void Variational_LayersAndDirections_HaveMasksOfTheirOwnAndTellThem()
    {
        // Both layers have inputs of six features.
        VariationalLSTM lstm = new(nn.LSTM(6, 3, 2, bidirectional: true, dtype: ScalarType.Float64), 0.4, 0.4, seed: 1);
        VariationalGRU gru = new(nn.GRU(6, 3, 2, bidirectional: true, dtype: ScalarType.Float64), 0.4, 0.4, seed: 1);
        Tensor input = randn([Steps, 20, 6], ScalarType.Float64), output = lstm.forward(input).Item1, gruOutput = gru.forward(input).Item1;
        Tensor[] masks = [lstm.CurrentInputMask!, lstm.CurrentStateMask!, gru.CurrentInputMask!, gru.CurrentStateMask!];
        Assert.All(masks, mask => Assert.All(Enumerable.Range(1, 3), chain => Assert.True(mask[0].ne(mask[chain]).any().item<bool>())));
        using (lstm.InputSite.Use(masks[0]))
        using (lstm.StateSite.Use(masks[1]))
        using (gru.InputSite.Use(masks[2]))
        using (gru.StateSite.Use(masks[3]))
        {
            AssertClose(output, lstm.forward(input).Item1, 1e-12);
            AssertClose(gruOutput, gru.forward(input).Item1, 1e-12);
        }
    }

    [Fact]
    public void Variational_GivenMasks_AreUsed()
    {
        var module = new VariationalLSTM(Lstm(2, false, true, true), 0.4, 0.4, seed: 1);
        Tensor input = Input(true);
        using (module.StateSite.Use(ones([2, Rows, Units], ScalarType.Bool)))
        {
            module.forward(input);
        }

        using (module.InputSite.Use(ones([2, Rows, Features], ScalarType.Bool)))
        {
            Assert.Throws<ArgumentException>(() => module.forward(input));
        }
    }

    [Fact]
    public void Sequences_FirstRow_HaveTheMasksOfTheWhole()
    {
        var module = new VariationalGRU(Gru(2, false, true, true), 0.4, 0.4, seed: 1);
        Tensor input = Input(true), all = Sampled(input, 0), part = Sampled(input[2..], 2);
        AssertClose(all[2..], part, 1e-12);

        Tensor Sampled(Tensor rows, long first)
        {
            using IDisposable inputs = module.InputSite.Sample(new SiteSampling(new MaskStream(3), FirstRow: first));
            using IDisposable states = module.StateSite.Sample(new SiteSampling(new MaskStream(4), FirstRow: first));
            return module.forward(rows).Item1;
        }
    }

    [Fact]
    public void AllForms_Backward_AgreesWithFiniteDifferences()
    {
        LSTM lstm = Lstm(2, true, true, false);
        GRU gru = Gru(2, true, true, false);
        Tensor input = Input(false).requires_grad_(true);
        VariationalLSTM variational = new(lstm, 0.3, 0.3, seed: 1);
        ZoneoutLSTM zoneout = new(lstm, 0.3, 0.3, seed: 1);
        WeightDropGRU drop = new(gru, 0.3, seed: 1);
        VariationalGRU variationalGru = new(gru, 0.3, 0.3, seed: 1);
        ZoneoutGRU zoneoutGru = new(gru, 0.3, seed: 1);
        AssertGradients(() => At(variational).forward(input).Item1, [input, .. lstm.parameters()]);
        AssertGradients(() => At(zoneout).forward(input).Item1, [input, .. lstm.parameters()]);
        AssertGradients(() => At(drop).forward(input).Item1, [input, .. gru.parameters()]);
        AssertGradients(() => At(variationalGru).forward(input).Item1, [input, .. gru.parameters()]);
        AssertGradients(() => At(zoneoutGru).forward(input).Item1, [input, .. gru.parameters()]);

        static T At<T>(T module)
            where T : nn.Module
        {
            DropoutSites.Seed(module, 5);
            return module;
        }
    }

    [Fact]
    public void Zoneout_States_KeepTheirOldValueWithTheRate()
    {
        using var zoneout = new Zoneout(0.3, seed: 1);
        Tensor previous = full([100, 100], 1f), next = full([100, 100], 2f), output = zoneout.forward(previous, next);
        AssertEqual(where(zoneout.CurrentMask!, next, previous), output);
        Assert.InRange(output.mean().item<float>() - 1, 0.7 - FiveSigma(0.7, 10_000), 0.7 + FiveSigma(0.7, 10_000));
        zoneout.eval();
        AssertClose(full([100, 100], 1.7f), zoneout.forward(previous, next));
    }

    [Fact]
    public void Zoneout_NotANumberAndEnds_LeaveNothing()
    {
        using Zoneout zoneout = new(0.5, seed: 1), none = new(0), all = new(1);
        Tensor previous = full([50], 1f), next = full([50], float.NaN), output = zoneout.forward(previous, next);
        AssertEqual(zoneout.CurrentMask!.logical_not(), output.isfinite());
        AssertEqual(previous, all.forward(previous, next));
        AssertEqual(previous, none.forward(next, previous));
        all.eval();
        AssertEqual(previous, all.forward(previous, next));
        Assert.Throws<ArgumentException>(() => zoneout.forward(previous, ones(49)));
        Assert.Throws<ArgumentException>(() => zoneout.forward(ones([2], ScalarType.Int64), ones([2], ScalarType.Int64)));
        using (zoneout.Site.Use(ones([50], ScalarType.Float32)))
        {
            Assert.Throws<ArgumentException>(() => zoneout.forward(previous, previous));
        }
    }

    [Fact]
    public void ZoneoutLstm_RateOne_NeverLeavesTheFirstState()
    {
        var module = new ZoneoutLSTM(Lstm(1, false, true, true), 1, 1, seed: 1);
        Tensor hidden = randn([1, Rows, Units], ScalarType.Float64), cell = randn([1, Rows, Units], ScalarType.Float64);
        foreach (bool training in new[] { true, false })
        {
            module.train(training);
            (Tensor output, Tensor last, Tensor lastCell) = module.forward(Input(true), (hidden, cell));
            AssertEqual(hidden[0].unsqueeze(1).expand_as(output), output);
            AssertEqual(hidden, last);
            AssertEqual(cell, lastCell);
        }
    }

    [Fact]
    public void StateDict_Loaded_GoesOnWithTheSameMasks()
    {
        VariationalLSTM a = new(Lstm(1, false, true, true), seed: 1), b = new(Lstm(1, false, true, true), seed: 2);
        Tensor input = Input(true);
        a.forward(input);
        b.load_state_dict(a.state_dict());
        AssertEqual(a.forward(input).Item1, b.forward(input).Item1);
        Assert.Contains("lstm.weight_hh_l0", a.state_dict().Keys);
    }

    [Fact]
    public void Constructor_LayerWithItsOwnDropout_IsRefusedAndLeavesTheGeneratorAlone()
    {
        LSTM drops = nn.LSTM(Features, Units, 2, dropout: 0.5);
        manual_seed(3);
        Tensor expected = rand(4);
        manual_seed(3);
        Assert.Contains("dropout 0", Assert.Throws<ArgumentException>(() => new WeightDropLSTM(drops, seed: 1)).Message, StringComparison.Ordinal);
        AssertEqual(expected, rand(4));
        Assert.True(drops.training);
    }

    [Fact]
    public void Forward_BadInputs_AreRefused()
    {
        var module = new VariationalGRU(Gru(1, false, true, true));
        Assert.Throws<ArgumentException>(() => module.forward(randn([Rows, Features], ScalarType.Float64)));
        Assert.Throws<ArgumentException>(() => module.forward(randn([Rows, Steps, Features + 1], ScalarType.Float64)));
        Assert.Throws<ArgumentException>(() => module.forward(randn([Rows, 0, Features], ScalarType.Float64)));
        Assert.Throws<ArgumentException>(() => module.forward(Input(true), zeros([2, Rows, Units], ScalarType.Float64)));
        Assert.Throws<ArgumentException>(() => module.forward(ones([Rows, Steps, Features], ScalarType.Int64)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VariationalGRU(Gru(1, false, true, true), 1.2));
        Assert.Throws<ArgumentOutOfRangeException>(() => module.StateDropRate = 1.2);
    }

    [Fact]
    public void Embedding_Words_AreDroppedWhereverTheyOccur()
    {
        var module = new EmbeddingDropout(nn.Embedding(400, 4), 0.3, seed: 1);
        Tensor tokens = arange(400).repeat(2).reshape(2, 400), output = module.forward(tokens);
        AssertEqual(output[0], output[1]);
        Tensor mask = module.CurrentMask!, weight = module.Embedding.get_parameter("weight")!;
        Assert.Equal([400, 1], mask.shape);
        AssertClose(where(mask, weight / 0.7, zeros_like(weight)), output[0]);
        Assert.InRange(KeptShare(output.select(2, 0)), 0.7 - FiveSigma(0.7, 400), 0.7 + FiveSigma(0.7, 400));
        output.sum().backward();
        AssertClose(where(mask, full([400, 4], 2 / 0.7f), zeros(400, 4)), weight.grad!);
        using (module.Site.Use(mask))
        {
            AssertEqual(output, module.forward(tokens));
        }

        module.eval();
        AssertEqual(weight, module.forward(arange(400)));
    }

    [Fact]
    public void Embedding_EndsScalingAndBadMasks_AreObeyed()
    {
        Embedding embedding = nn.Embedding(10, 2);
        EmbeddingDropout none = new(embedding, 0), all = new(embedding, 1), classic = new(embedding, 0.25, Scaling.AtInference);
        Tensor tokens = tensor(new long[] { 1, 2 });
        AssertEqual(embedding.call(tokens), none.forward(tokens));
        AssertEqual(zeros(2, 2), all.forward(tokens));
        classic.eval();
        AssertClose(embedding.call(tokens) * 0.75, classic.forward(tokens));
        using (none.Site.Use(ones([3, 1], ScalarType.Bool)))
        {
            Assert.Throws<ArgumentException>(() => none.forward(tokens));
        }
    }

    private static Tensor Input(bool batchFirst) => randn(batchFirst ? [Rows, Steps, Features] : [Steps, Rows, Features], ScalarType.Float64);

    private static LSTM Lstm(int layers, bool bidirectional, bool bias, bool batchFirst) => nn.LSTM(
        Features, Units, layers, bias, batchFirst, bidirectional: bidirectional, dtype: ScalarType.Float64);

    private static GRU Gru(int layers, bool bidirectional, bool bias, bool batchFirst) => nn.GRU(
        Features, Units, layers, bias, batchFirst, bidirectional: bidirectional, dtype: ScalarType.Float64);

    /// <summary>What the layer gives while its hidden-to-hidden weights are masked and changed.</summary>
    private static Tensor WithHidden(nn.Module module, Func<Tensor, Tensor> change, Tensor masks, Func<Tensor> run)
    {
        using IDisposable scope = no_grad();
        Tensor[] weights = [.. module.named_parameters().Where(p => p.name.StartsWith("weight_hh", StringComparison.Ordinal)).Select(p => p.parameter)];
        Tensor[] before = [.. weights.Select(weight => weight.clone())];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i].copy_(where(masks[i], change(weights[i]), zeros_like(weights[i])));
        }

        Tensor output = run();
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i].copy_(before[i]);
        }

        return output;
    }
}
