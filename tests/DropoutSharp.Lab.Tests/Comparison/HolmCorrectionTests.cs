using CsCheck;
using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Tests.Comparison;

public sealed class HolmCorrectionTests
{
    [Fact]
    public void Correct_FourValues_GivesTheWorkedExample()
    {
        // Sorted .005·4, .01·3, .03·2, max(.06, .04·1).
        double[] corrected = HolmCorrection.Correct([0.01, 0.04, 0.03, 0.005]);
        Assert.Equal([0.03, 0.06, 0.06, 0.02], corrected.Select(p => Math.Round(p, 12)));
    }

    [Fact]
    public void Correct_LargeValues_StopAtOne() => Assert.Equal([1, 1], HolmCorrection.Correct([0.6, 0.9]));

    [Fact]
    public void Correct_NaN_DoesNotCount() => Assert.Equal([0.02, double.NaN, 0.5], HolmCorrection.Correct([0.01, double.NaN, 0.5]));

    [Fact]
    public void Correct_Any_LiesBetweenPlainAndBonferroniAndKeepsTheOrder() =>
        Gen.Double[0, 1].Array[1, 12].Sample(values =>
        {
            double[] corrected = HolmCorrection.Correct(values);
            for (int i = 0; i < values.Length; i++)
            {
                Assert.InRange(corrected[i], values[i], Math.Min(1, values[i] * values.Length));
                Assert.All(Enumerable.Range(0, values.Length), j => Assert.False(values[i] < values[j] && corrected[i] > corrected[j]));
            }
        });
}
