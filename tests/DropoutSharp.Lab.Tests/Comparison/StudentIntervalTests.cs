using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Tests.Comparison;

public sealed class StudentIntervalTests
{
    [Fact]
    public void Of_OneToFive_GivesTheTableOfT()
    {
        // Mean 3, standard error √(2.5/5); t(4; 0.975) = 2.776445, t(4; 0.995) = 4.604095.
        StudentInterval interval = StudentInterval.Of([1, 2, 3, 4, 5], 0.95);
        Assert.Equal(3, interval.Mean);
        Assert.Equal(3 - (2.776445 * Math.Sqrt(0.5)), interval.Low, 1e-5);
        Assert.Equal(3 + (2.776445 * Math.Sqrt(0.5)), interval.High, 1e-5);
        Assert.Equal(3 + (4.604095 * Math.Sqrt(0.5)), StudentInterval.Of([1, 2, 3, 4, 5], 0.99).High, 1e-5);
    }

    [Fact]
    public void PValue_IntervalThatEndsAtZero_IsOneMinusTheLevel()
    {
        double reach = 2.7764451051977987 * Math.Sqrt(0.5);
        StudentInterval interval = StudentInterval.Of([reach - 2, reach - 1, reach, reach + 1, reach + 2], 0.95);
        Assert.Equal(0, interval.Low, 1e-8);
        Assert.Equal(0.05, interval.PValue, 1e-8);
    }

    [Fact]
    public void PValue_TwoNumbers_FollowsTheCauchyLaw()
    {
        // With one degree of freedom t is Cauchy: p = 2·(½ − arctan(t)/π); here t = 2/1.
        StudentInterval interval = StudentInterval.Of([1, 3], 0.95);
        Assert.Equal(1 - (2 * Math.Atan(2) / Math.PI), interval.PValue, 1e-10);
    }

    [Fact]
    public void EquivalenceP_IntervalOfNinetyPercentThatEndsAtTheMargin_IsFivePercent()
    {
        // Two one-sided tests at 5 % deny the margin where the 90 % interval lies within it; t(4; 0.95) = 2.1318468.
        StudentInterval interval = StudentInterval.Of([-1, 0, 1, 2, 3], 0.9);
        Assert.Equal(1 + (2.1318468 * Math.Sqrt(0.5)), interval.High, 1e-6);
        Assert.Equal(0.05, interval.EquivalenceP(interval.High), 1e-8);
        Assert.True(interval.EquivalenceP(interval.High * 1.1) < 0.05);
        Assert.Equal(0.5, interval.EquivalenceP(interval.Mean), 1e-12);
    }

    [Fact]
    public void EquivalenceP_EqualNumbers_IsCertain()
    {
        StudentInterval interval = StudentInterval.Of([0.5, 0.5, 0.5], 0.95);
        Assert.Equal((0, 1), (interval.EquivalenceP(0.6), interval.EquivalenceP(0.4)));
        Assert.True(double.IsNaN(StudentInterval.Of([1], 0.95).EquivalenceP(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => interval.EquivalenceP(0));
    }

    [Fact]
    public void Of_OneNumber_IsThatNumberWithoutAPValue()
    {
        StudentInterval interval = StudentInterval.Of([2], 0.95);
        Assert.Equal((2, 2, 2), (interval.Mean, interval.Low, interval.High));
        Assert.True(double.IsNaN(interval.PValue));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 0)]
    public void Of_EqualNumbers_IsCertain(double value, double pValue)
    {
        StudentInterval interval = StudentInterval.Of([value, value, value], 0.95);
        Assert.Equal((value, value, pValue), (interval.Low, interval.High, interval.PValue));
    }

    [Fact]
    public void Of_NaN_StaysNaN() => Assert.True(double.IsNaN(StudentInterval.Of([1, double.NaN], 0.95).PValue));

    [Fact]
    public void Of_NormalNumbers_CoversTheTrueMeanAsOftenAsItSays()
    {
        const int times = 2000, count = 5;
        MaskStream stream = new(11);
        int covered = 0;
        for (int i = 0; i < times; i++)
        {
            StudentInterval interval = StudentInterval.Of([.. Enumerable.Range(0, count).Select(k => stream.Normal((i * 6) + k))], 0.9);
            covered += interval.Low <= 0 && interval.High >= 0 ? 1 : 0;
        }

        // Binomial(2,000, 0.9): standard deviation 13.4; five of them.
        Assert.InRange(covered, 1800 - 67, 1800 + 67);
    }
}
