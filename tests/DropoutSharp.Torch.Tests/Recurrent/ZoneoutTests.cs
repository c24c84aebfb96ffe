using DropoutSharp.Torch.Tests.Contract;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Recurrent;

/// <summary>Zoneout around networks, against the same done by hand step by step, from states that are not zero.</summary>
public sealed class ZoneoutTests : TensorTests
{
    private const int Rows = 5, Steps = 6, Features = 4, Units = 3;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lstm_AnyMode_MixesEachStateWithItsOldValue(bool training)
    {
        using LSTM lstm = nn.LSTM(Features, Units, dtype: ScalarType.Float64);
        using var module = new ZoneoutLSTM(lstm, 0.3, 0.3, seed: 1);
        module.train(training);
        Tensor input = Random(Steps, Rows, Features), hidden = Random(1, Rows, Units), cell = Random(1, Rows, Units);
        (Tensor output, Tensor last, Tensor lastCell) = module.forward(input, (hidden, cell));
        ZoneoutSteps.Mixing mix = training ? ZoneoutSteps.Masked(module.CurrentStateMask!, module.CurrentCellMask!) : ZoneoutSteps.Mean(0.3);
        AssertClose(ZoneoutSteps.Lstm(lstm, input, hidden, cell, mix), cat([output.flatten(), last.flatten(), lastCell.flatten()]), 1e-12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gru_AnyMode_MixesEachStateWithItsOldValue(bool training)
    {
        using GRU gru = nn.GRU(Features, Units, dtype: ScalarType.Float64);
        using var module = new ZoneoutGRU(gru, 0.3, seed: 1);
        module.train(training);
        Tensor input = Random(Steps, Rows, Features), hidden = Random(1, Rows, Units);
        (Tensor output, Tensor last) = module.forward(input, hidden);
        ZoneoutSteps.Mixing mix = training ? ZoneoutSteps.Masked(module.CurrentStateMask!, null) : ZoneoutSteps.Mean(0.3);
        AssertClose(ZoneoutSteps.Gru(gru, input, hidden, mix), cat([output.flatten(), last.flatten()]), 1e-12);
    }

    [Fact]
    public void Lstm_RatesOfCellsAndStates_AreEachTheirOwn()
    {
        using var module = new ZoneoutLSTM(nn.LSTM(Features, Units, dtype: ScalarType.Float64), cellDropRate: 1, stateDropRate: 0, seed: 1);
        Tensor input = Random(Steps, Rows, Features), hidden = Random(1, Rows, Units), cell = Random(1, Rows, Units);
        (_, Tensor last, Tensor lastCell) = module.forward(input, (hidden, cell));
        AssertEqual(cell, lastCell);
        Assert.True(last.ne(hidden).all().item<bool>());
        (module.CellDropRate, module.StateDropRate) = (0, 1);
        (_, last, lastCell) = module.forward(input, (hidden, cell));
        AssertEqual(hidden, last);
        Assert.True(lastCell.ne(cell).all().item<bool>());
    }

    // Both layers and both directions: the chains' masks are in the order of the states, and the second layer reads what the first one mixed.
    [Fact]
    public void Lstm_LayersAndDirections_AreOneLayerNetworksInTurn()
    {
        using LSTM both = nn.LSTM(Features, Units, 2, bidirectional: true, dtype: ScalarType.Float64);
        using var module = new ZoneoutLSTM(both, 0.3, 0.4, seed: 1);
        Tensor input = Random(Steps, Rows, Features), hidden = Random(4, Rows, Units), cell = Random(4, Rows, Units);
        (Tensor output, Tensor last, Tensor lastCell) = module.forward(input, (hidden, cell));
        Tensor states = module.CurrentStateMask!, cells = module.CurrentCellMask!, current = input;
        for (int layer = 0; layer < 2; layer++)
        {
            Tensor forwards = Chain((2 * layer) + 0, current), backwards = Chain((2 * layer) + 1, current);
            current = cat([forwards, backwards], -1);
        }

        AssertClose(current, output, 1e-12);

        Tensor Chain(int chain, Tensor sequence)
        {
            string suffix = $"_l{chain / 2}{(chain % 2 == 1 ? "_reverse" : string.Empty)}";
            LSTM one = nn.LSTM(sequence.shape[2], Units, dtype: ScalarType.Float64);
            using (no_grad())
            {
                foreach ((string name, Parameter parameter) in one.named_parameters())
                {
                    parameter.copy_(both.get_parameter(name.Replace("_l0", suffix, StringComparison.Ordinal))!);
                }
            }

            bool isBackwards = chain % 2 == 1;
            Tensor ordered = isBackwards ? sequence.flip(0) : sequence;
            ZoneoutSteps.Mixing mix = ZoneoutSteps.Masked(Ordered(states), Ordered(cells));
            Tensor all = ZoneoutSteps.Lstm(one, ordered, hidden[chain].unsqueeze(0), cell[chain].unsqueeze(0), mix);
            Tensor outputs = all[..(Steps * Rows * Units)].reshape(Steps, Rows, Units);
            AssertClose(cat([last[chain].flatten(), lastCell[chain].flatten()]), all[(Steps * Rows * Units)..], 1e-12);
            return isBackwards ? outputs.flip(0) : outputs;

            Tensor Ordered(Tensor masks) => isBackwards ? masks[chain].unsqueeze(0).flip(2) : masks[chain].unsqueeze(0);
        }
    }

    private static Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64);
}
