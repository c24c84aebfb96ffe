using CsCheck;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Tests.Uncertainty;

public sealed class RegressionMomentsTests
{
    [Fact]
    public void Moments_ThreePasses_AreMeanAndPopulationVariance()
    {
        RegressionMoments moments = new(2);
        moments.Add<double>([1, 10], [0.5, 1]);
        moments.Add<double>([2, 10], [0.5, 2]);
        moments.Add<double>([6, 10], [0.5, 6]);

        Assert.Equal(3, moments.Passes);
        Assert.Equal([3, 10], moments.GetMean());
        Assert.Equal(14.0 / 3, moments.GetEpistemicVariance()[0], 1e-14);
        Assert.Equal(0, moments.GetEpistemicVariance()[1]);
        Assert.Equal(3, moments.GetAleatoricVariance()[1], 1e-14);
        Assert.Equal((14.0 / 3) + 0.5, moments.GetVariance()[0], 1e-14);
    }

    [Fact]
    public void EpistemicVariance_LargeMean_KeepsTheSmallSpread()
    {
        // The naive E[x²] − E[x]² loses everything here: 10¹⁸ has an ulp of 128.
        RegressionMoments moments = new(1);
        for (int pass = 0; pass < 1000; pass++)
        {
            moments.Add<double>([1e9 + (pass % 2)]);
        }

        Assert.Equal(0.25, moments.GetEpistemicVariance()[0], 1e-9);
    }

    [Fact]
    public void Merge_AnySplit_IsOneAccumulator() => Gen.Select(Gen.Double[-100, 100].Array[2, 30], Gen.Int[0, 30]).Sample(
        (values, cut) =>
        {
            RegressionMoments whole = new(1), left = new(1), right = new(1);
            for (int i = 0; i < values.Length; i++)
            {
                whole.Add<double>([values[i]], [Math.Abs(values[i])]);
                (i < cut ? left : right).Add<double>([values[i]], [Math.Abs(values[i])]);
            }

            left.Merge(right);
            Assert.Equal(whole.Passes, left.Passes);
            Assert.Equal(whole.GetMean()[0], left.GetMean()[0], 1e-10);
            Assert.Equal(whole.GetEpistemicVariance()[0], left.GetEpistemicVariance()[0], 1e-8);
            Assert.Equal(whole.GetAleatoricVariance()[0], left.GetAleatoricVariance()[0], 1e-10);
        },
        iter: 200);

    [Fact]
    public void Add_NaN_StaysInItsRow()
    {
        RegressionMoments moments = new(2);
        moments.Add<float>([float.NaN, 1]);
        moments.Add<float>([1, 3]);

        Assert.Equal([double.NaN, 2], moments.GetMean());
        Assert.Equal([double.NaN, 1], moments.GetEpistemicVariance());
    }

    [Fact]
    public void Moments_Misuse_SaysWhatMustBe()
    {
        RegressionMoments moments = new(2);
        Assert.Equal("Moments need at least one pass; none was added.", Assert.Throws<InvalidOperationException>(() => moments.GetMean()).Message);
        Assert.StartsWith(
            "Means must be one a row, 2; received 1.", Assert.Throws<ArgumentException>(() => moments.Add<double>([1])).Message, StringComparison.Ordinal);
        moments.Add<double>([1, 2]);
        Assert.Equal(
            "A noise variance must come with every pass or with none; received passes of both kinds.",
            Assert.Throws<ArgumentException>(() => moments.Add<double>([1, 2], [1, 1])).Message);
        Assert.StartsWith(
            "The number of rows must be at least 1; received 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new RegressionMoments(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PredictiveLikelihood_StreamedPasses_IsTheSpanScore()
    {
        double[] passes = [1, 2, 1.5, 2.5, 0.5, -80];
        double[] variances = [0.1, 0.2, 1, 2, 0.5, 0.01];
        double[] targets = [1.2, 2.2];
        PredictiveLikelihood shared = new(targets), own = new(targets);
        for (int pass = 0; pass < 3; pass++)
        {
            shared.Add<double>(passes.AsSpan(2 * pass, 2), 4.0);
            own.Add<double>(passes.AsSpan(2 * pass, 2), variances.AsSpan(2 * pass, 2));
        }

        Assert.Equal(RegressionScores.PredictiveLogLikelihood<double>(passes, targets, 4.0), shared.GetMean(), 1e-13);
        Assert.Equal(
            RegressionScores.PredictiveLogLikelihood<double>(passes, Array.ConvertAll(variances, Math.Sqrt), targets), own.GetMean(), 1e-13);
        Assert.StartsWith(
            "Precision tau must be positive and finite; received -1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => shared.Add<double>([1, 1], -1)).Message, StringComparison.Ordinal);
    }
}
