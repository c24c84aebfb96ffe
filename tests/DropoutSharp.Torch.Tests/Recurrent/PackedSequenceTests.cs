using TorchSharp.Modules;
using static TorchSharp.torch;
using PackedSequence = TorchSharp.torch.nn.utils.rnn.PackedSequence;

namespace DropoutSharp.Torch.Tests.Recurrent;

/// <summary>Sequences of different lengths, packed: each row is what it would be alone.</summary>
public sealed class PackedSequenceTests : TensorTests
{
    private const int Features = 4, Units = 3;
    private static readonly long[] Falling = [5, 3, 1], Mixed = [2, 5, 3];

    public static TheoryData<bool, bool> Orders => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Orders))]
    public void Evaluation_PackedSequences_AreTorchSharpsOwn(bool batchFirst, bool isSorted)
    {
        LSTM lstm = Lstm(batchFirst);
        GRU gru = nn.GRU(Features, Units, 2, batchFirst: batchFirst, bidirectional: true, dtype: ScalarType.Float64);
        PackedSequence input = Pack(batchFirst, isSorted);
        Tensor hidden = randn([4, 3, Units], ScalarType.Float64), cell = randn([4, 3, Units], ScalarType.Float64);
        (PackedSequence expected, Tensor expectedHidden, Tensor expectedCell) = lstm.call(input, (hidden, cell));
        (PackedSequence expectedGru, Tensor expectedGruHidden) = gru.call(input, hidden);
        using WeightDropLSTM drop = new(lstm);
        using VariationalLSTM variational = new(lstm);
        using ZoneoutLSTM zoneout = new(lstm, 0, 0);
        drop.eval();
        variational.eval();
        foreach ((PackedSequence output, Tensor last, Tensor lastCell) in new[] { drop.call(input, (hidden, cell)), variational.call(input, (hidden, cell)), zoneout.call(input, (hidden, cell)) })
        {
            AssertPacked(expected, output, batchFirst);
            AssertClose(expectedHidden, last, 1e-12);
            AssertClose(expectedCell, lastCell, 1e-12);
        }

        using WeightDropGRU dropGru = new(gru);
        using VariationalGRU variationalGru = new(gru);
        using ZoneoutGRU zoneoutGru = new(gru, 0);
        dropGru.eval();
        variationalGru.eval();
        foreach ((PackedSequence output, Tensor last) in new[] { dropGru.call(input, hidden), variationalGru.call(input, hidden), zoneoutGru.call(input, hidden) })
        {
            AssertPacked(expectedGru, output, batchFirst);
            AssertClose(expectedGruHidden, last, 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Training_PackedSequences_HaveTheMasksOfThePaddedFormUpToTheirEnds(bool batchFirst, bool isSorted)
    {
        LSTM lstm = Lstm(batchFirst);
        PackedSequence input = Pack(batchFirst, isSorted);
        (Tensor padded, Tensor lengths) = nn.utils.rnn.pad_packed_sequence(input, batchFirst);
        using VariationalLSTM module = new(lstm, 0.4, 0.4, seed: 1);
        (PackedSequence packed, Tensor hidden, Tensor cell) = module.call(input);
        Tensor output = nn.utils.rnn.pad_packed_sequence(packed, batchFirst).Item1;
        int rowAxis = batchFirst ? 0 : 1, timeAxis = 1 - rowAxis;
        for (int row = 0; row < 3; row++)
        {
            // The same row with its own masks and nothing behind its end.
            long length = lengths[row].item<long>();
            using IDisposable inputs = module.InputSite.Sample(new SiteSampling(new MaskStream(1), FirstRow: row));
            using IDisposable states = module.StateSite.Sample(new SiteSampling(new MaskStream(1, 0, 1), FirstRow: row));
            (Tensor alone, Tensor last, Tensor lastCell) = module.call(padded.narrow(rowAxis, row, 1).narrow(timeAxis, 0, length));
            AssertClose(alone, output.narrow(rowAxis, row, 1).narrow(timeAxis, 0, length), 1e-12);
            AssertClose(last, hidden.narrow(1, row, 1), 1e-12);
            AssertClose(lastCell, cell.narrow(1, row, 1), 1e-12);
        }
    }

    [Fact]
    public void Call_PackedSequencesOfOtherFeatures_AreRefused()
    {
        using var module = new ZoneoutGRU(nn.GRU(Features + 1, Units, dtype: ScalarType.Float64));
        Assert.Throws<ArgumentException>(() => module.call(Pack(false, true)));
        Assert.Throws<ArgumentNullException>(() => module.call((PackedSequence)null!));
        Assert.Equal(0u, module.StateSite.Position.Step);
    }

    private static LSTM Lstm(bool batchFirst) => nn.LSTM(Features, Units, 2, batchFirst: batchFirst, bidirectional: true, dtype: ScalarType.Float64);

    private static PackedSequence Pack(bool batchFirst, bool isSorted) => nn.utils.rnn.pack_padded_sequence(
        randn(batchFirst ? [3, 5, Features] : [5, 3, Features], ScalarType.Float64), tensor(isSorted ? Falling : Mixed), batchFirst, isSorted);

    private static void AssertPacked(PackedSequence expected, PackedSequence actual, bool batchFirst)
    {
        (Tensor values, Tensor lengths) = nn.utils.rnn.pad_packed_sequence(expected, batchFirst);
        (Tensor received, Tensor receivedLengths) = nn.utils.rnn.pad_packed_sequence(actual, batchFirst);
        AssertClose(values, received, 1e-12);
        AssertEqual(lengths, receivedLengths);
        AssertClose(expected.data, actual.data, 1e-12);
    }
}
