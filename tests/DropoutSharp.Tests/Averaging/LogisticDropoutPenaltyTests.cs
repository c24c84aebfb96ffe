using DropoutSharp.Averaging;
using static DropoutSharp.Tests.Averaging.AveragingExamples;

namespace DropoutSharp.Tests.Averaging;

public sealed class LogisticDropoutPenaltyTests
{
    private const int Columns = 6;

    private static readonly double[] Features = Normals(1, 8 * Columns);
    private static readonly double[] Coefficients = Normals(3, Columns, 0.5);

    [Fact]
    public void Exact_OneFeature_IsTheTwoTermSum()
    {
        // x = 2, β = 0.7, b = −0.3, keep 0.6: the logit is 2·0.7/0.6 − 0.3 with probability 0.6, else −0.3.
        static double Partition(double z) => Math.Log(1 + Math.Exp(z));
        double expected = (0.6 * Partition((1.4 / 0.6) - 0.3)) + (0.4 * Partition(-0.3)) - Partition(1.4 - 0.3);

        Assert.Equal(expected, LogisticDropoutPenalty.Exact([2], [0.7], -0.3, 0.4), 1e-13);
    }

    [Fact]
    public void Value_OneFeature_IsTheFormula()
    {
        double sigmoid = 1 / (1 + Math.Exp(-1.1));

        Assert.Equal(
            0.5 * (0.4 / 0.6) * sigmoid * (1 - sigmoid) * 0.49 * 4,
            LogisticDropoutPenalty.Value([2], [0.7], -0.3, 0.4),
            14);
    }

    [Fact]
    public void Value_ShrinkingNoise_AgreesWithExactToSecondOrder()
    {
        // Scaling the coefficients by s leaves a relative error of order s: the third moment of the noise against its second.
        double Error(double scale)
        {
            double[] coefficients = [.. Coefficients.Select(beta => beta * scale)];
            return Math.Abs((LogisticDropoutPenalty.Value(Features, coefficients, 0.2, 0.5)
                / LogisticDropoutPenalty.Exact(Features, coefficients, 0.2, 0.5)) - 1);
        }

        Assert.True(Error(0.02) < 0.01, $"{Error(0.02)}");
        Assert.True(Error(0.01) < 0.6 * Error(0.02), $"{Error(0.01)} {Error(0.02)}");
    }

    [Fact]
    public void Exact_AnyRows_IsNotNegative() => Assert.True(LogisticDropoutPenalty.Exact(Features, Coefficients, 0.2, 0.5) > 0); // Jensen

    [Fact]
    public void Gradient_AnyCoefficient_IsTheFiniteDifference()
    {
        var gradient = new double[Columns];
        double byIntercept = LogisticDropoutPenalty.Gradient(Features, Coefficients, 0.2, 0.4, gradient);
        const double Step = 1e-5;
        for (int i = 0; i < Columns; i++)
        {
            double[] up = [.. Coefficients], down = [.. Coefficients];
            up[i] += Step;
            down[i] -= Step;
            double difference = LogisticDropoutPenalty.Value(Features, up, 0.2, 0.4) - LogisticDropoutPenalty.Value(Features, down, 0.2, 0.4);
            Assert.Equal(difference / (2 * Step), gradient[i], 1e-8); // error of order Step²
        }

        double byShift = LogisticDropoutPenalty.Value(Features, Coefficients, 0.2 + Step, 0.4)
            - LogisticDropoutPenalty.Value(Features, Coefficients, 0.2 - Step, 0.4);
        Assert.Equal(byShift / (2 * Step), byIntercept, 1e-8);
    }

    [Fact]
    public void Exact_TooManyFeatures_NamesTheLimit() =>
        Assert.Contains("at most 20", Assert.Throws<ArgumentException>(
            () => LogisticDropoutPenalty.Exact(new double[21], new double[21], 0, 0.5)).Message, StringComparison.Ordinal);
}
