using CsCheck;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Tests.Uncertainty;

public sealed class OutOfDistributionTests
{
    private static readonly Gen<double[]> TiedScores = Gen.Int[0, 6].Select(i => (double)i).Array[1, 30];

    [Fact]
    public void Auroc_Separated_IsOneAndReversedIsZero()
    {
        Assert.Equal(1, OutOfDistribution.Auroc<double>([1, 2], [3, 4]));
        Assert.Equal(0, OutOfDistribution.Auroc<double>([3, 4], [1, 2]));
        Assert.Equal(0.5, OutOfDistribution.Auroc<float>([1, 1], [1]));
    }

    [Fact]
    public void Auroc_AnyTies_IsTheShareOfPairs() => Gen.Select(TiedScores, TiedScores).Sample(
        (own, foreign) =>
        {
            double pairs = foreign.Sum(f => own.Sum(o => f > o ? 1 : f == o ? 0.5 : 0)) / own.Length / foreign.Length;
            Assert.Equal(pairs, OutOfDistribution.Auroc<double>(own, foreign), 1e-12);
            Assert.Equal(1 - pairs, OutOfDistribution.Auroc<double>(foreign, own), 1e-12);
        },
        iter: 200);

    [Fact]
    public void FalsePositiveRate_Twenty_LetsNineteenPass()
    {
        double[] own = [.. Enumerable.Range(1, 20).Select(i => (double)i)];

        // The threshold is 19, the lowest that lets 95 % of the own rows pass; a foreign score of 19 passes too.
        Assert.Equal(0.5, OutOfDistribution.FalsePositiveRate<double>(own, [19, 19.5]));
        Assert.Equal(1, OutOfDistribution.FalsePositiveRate<double>(own, [19, 19.5], 1));
        Assert.Equal(0, OutOfDistribution.FalsePositiveRate<double>(own, [21]));
    }

    [Fact]
    public void Scores_Misuse_SaysWhatMustBe()
    {
        Assert.StartsWith(
            "A score needs at least one row; received none.",
            Assert.Throws<ArgumentException>(() => OutOfDistribution.Auroc<double>([], [1])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A score must be a number; received NaN in row 1.",
            Assert.Throws<ArgumentException>(() => OutOfDistribution.Auroc<double>([1, double.NaN], [1])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The true positive rate must be above 0 and at most 1; received 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => OutOfDistribution.FalsePositiveRate<double>([1], [1], 0)).Message, StringComparison.Ordinal);
    }
}
