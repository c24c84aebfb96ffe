using System.Runtime.InteropServices;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Tests.Comparison;

public sealed class PairedTestsTests
{
    [Fact]
    public void OverSeeds_OtherOrder_PairsBySeed()
    {
        TrialRecord[] none = [Record(1, 5), Record(2, 7), Record(3, 9)];
        TrialRecord[] candidate = [Record(3, 8), Record(1, 3), Record(2, 4)];
        PairedTest test = PairedTests.OverSeeds(Results(candidate), Results(none), new Scoring("nll"), 0.95)!;

        // Differences −2, −3, −1: mean −2, standard error 1/√3, t = −3.4641, two degrees of freedom; p from tables 0.0742.
        Assert.Equal(-2, test.MeanDifference, 1e-12);
        Assert.Equal(0.0742, test.PValue, 1e-4);
        Assert.Equal(-2 - (4.302653 / Math.Sqrt(3)), test.Low, 1e-5);
    }

    [Fact]
    public void OverSeeds_OneSharedSeed_IsNoTest() =>
        Assert.Null(PairedTests.OverSeeds(Results([Record(1, 3), Record(2, 3)]), Results([Record(2, 5), Record(3, 5)]), new Scoring("nll"), 0.95));

    [Fact]
    public void OverRows_MeansOverSeedsThenTestsRows()
    {
        TrialRecord[] none = [Record(1, 0, 1, 2, 3), Record(2, 0, 3, 2, 1)];
        TrialRecord[] candidate = [Record(1, 0, 0, 1, 1), Record(2, 0, 2, 1, 1)];
        PairedTest test = PairedTests.OverRows(candidate, none, new Scoring("nll"), 0.95)!;

        // Row differences −1, −1, −1: all alike.
        Assert.Equal((-1, -1, -1, 0), (test.MeanDifference, test.Low, test.High, test.PValue));
    }

    [Fact]
    public void OverRows_Rmse_IsTheDifferenceOfTheRoots()
    {
        TrialRecord[] none = [Record(1, 0, 16, 9, 25)], candidate = [Record(1, 0, 4, 9, 1)];
        PairedTest test = PairedTests.OverRows(candidate, none, new Scoring("rmse"), 0.95)!;
        Assert.Equal(Math.Sqrt(14 / 3.0) - Math.Sqrt(50 / 3.0), test.MeanDifference, 1e-12);
    }

    [Fact]
    public void OverRows_NoRowLosses_IsNoTest() =>
        Assert.Null(PairedTests.OverRows([Record(1, 0)], [Record(1, 0)], new Scoring("ece"), 0.95));

    private static TrialResult[] Results(TrialRecord[] records) => [.. records.Select(record => record.Result)];

    private static TrialRecord Record(ulong seed, double nll, params float[] rows) => new()
    {
        Result = new TrialResult
        {
            Seed = seed,
            Seconds = 0,
            BestEpoch = 1,
            Epochs = [],
            Scores = new Dictionary<string, double> { [ScoreNames.NegativeLogLikelihood] = nll },
            Reliability = [],
            MonteCarloReliability = [],
        },
        Noise = default,
        RowLossBytes = rows.Length == 0 ? null : [.. MemoryMarshal.AsBytes<float>(rows)],
    };
}
