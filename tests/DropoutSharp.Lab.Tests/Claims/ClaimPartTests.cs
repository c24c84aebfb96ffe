using DropoutSharp.Lab.Claims;

namespace DropoutSharp.Lab.Tests.Claims;

public sealed class ClaimPartTests
{
    [Theory]
    [InlineData(0.1, 0.3, ClaimVerdict.Holds)]
    [InlineData(-0.1, 0.3, ClaimVerdict.Undecided)]
    [InlineData(-0.3, -0.1, ClaimVerdict.DoesNotHold)]
    public void Above_Interval_DecidesAgainstTheBound(double low, double high, ClaimVerdict expected) =>
        Assert.Equal(expected, ClaimPart.Above("s", Of(low, high), 0).Verdict);

    [Theory]
    [InlineData(0.1, 0.3, ClaimVerdict.DoesNotHold)]
    [InlineData(-0.1, 0.3, ClaimVerdict.Undecided)]
    [InlineData(-0.3, -0.1, ClaimVerdict.Holds)]
    public void Below_Interval_DecidesAgainstTheBound(double low, double high, ClaimVerdict expected) =>
        Assert.Equal(expected, ClaimPart.Below("s", Of(low, high), 0).Verdict);

    [Theory]
    [InlineData(0.9, 1.1, ClaimVerdict.Holds)]
    [InlineData(0.8, 1.1, ClaimVerdict.Undecided)]
    [InlineData(1.3, 1.4, ClaimVerdict.DoesNotHold)]
    public void Between_Interval_DecidesAgainstBothBounds(double low, double high, ClaimVerdict expected) =>
        Assert.Equal(expected, ClaimPart.Between("s", Of(low, high), 0.9, 1.2).Verdict);

    [Fact]
    public void Above_NotANumber_IsUndecided() =>
        Assert.Equal(ClaimVerdict.Undecided, ClaimPart.Above("s", Of(double.NaN, double.NaN), 0).Verdict);

    [Fact]
    public void Together_OneBrokenPart_BreaksTheClaim() =>
        Assert.Equal(ClaimVerdict.DoesNotHold, ClaimPart.Together([Part(ClaimVerdict.Holds), Part(ClaimVerdict.Undecided), Part(ClaimVerdict.DoesNotHold)]));

    [Fact]
    public void Together_OneOpenPart_LeavesTheClaimOpen() =>
        Assert.Equal(ClaimVerdict.Undecided, ClaimPart.Together([Part(ClaimVerdict.Holds), Part(ClaimVerdict.Undecided)]));

    [Fact]
    public void Together_PartsBeside_DoNotDecide() =>
        Assert.Equal(ClaimVerdict.Holds, ClaimPart.Together([Part(ClaimVerdict.Holds), Part(ClaimVerdict.DoesNotHold) with { Decides = false }]));

    [Fact]
    public void Measurement_Seeds_GivesStudentsInterval()
    {
        // 1, 2, 3: mean 2, standard error 1/√3, t(2; 0.975) = 4.302653.
        var measured = Measurement.Of("x", "", [1, 2, 3]);

        Assert.Equal(2, measured.Mean, 1e-12);
        Assert.Equal(2 - (4.302653 / Math.Sqrt(3)), measured.Low, 1e-5);
        Assert.Equal(3, measured.Seeds);
    }

    private static Measurement Of(double low, double high) => new("x", "", (low + high) / 2, low, high, 5);

    private static ClaimPart Part(ClaimVerdict verdict) => new("s", "r", Of(0, 1), verdict, true);
}
