using DropoutSharp.Averaging;
using static DropoutSharp.Tests.Averaging.AveragingExamples;

namespace DropoutSharp.Tests.Averaging;

public sealed class LinearDropoutPenaltyTests
{
    private const int Rows = 7;
    private const int Columns = 5;

    private static readonly double[] Features = Normals(1, Rows * Columns);
    private static readonly double[] Targets = Normals(2, Rows);
    private static readonly double[] Coefficients = Normals(3, Columns);

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void Value_AnyRate_IsWhatDropoutAddsToTheSquaredError(double dropRate)
    {
        var model = new DenseNetwork([new DenseLayer(Coefficients, [0], dropRate)], HiddenActivation.Identity, OutputKind.Identity);
        double withDropout = 0, without = 0;
        for (int row = 0; row < Rows; row++)
        {
            double[] x = Features[(row * Columns)..((row + 1) * Columns)];
            EnsembleAverage average = BruteForce(model, x);
            double deviation = average.StandardDeviation()[0], error = Targets[row] - average.ArithmeticMean()[0];
            withDropout += ((error * error) + (deviation * deviation)) / 2 / Rows;
            double plain = Targets[row] - x.Zip(Coefficients, (a, b) => a * b).Sum();
            without += plain * plain / 2 / Rows;
        }

        Assert.Equal(withDropout - without, LinearDropoutPenalty.Value(Features, Coefficients, dropRate), 1e-11);
    }

    [Fact]
    public void Diagonal_SquaredCoefficients_GiveTheValue()
    {
        var diagonal = new double[Columns];
        LinearDropoutPenalty.Diagonal(Features, 0.3, diagonal);

        Assert.Equal(
            diagonal.Zip(Coefficients, (weight, beta) => weight * beta * beta).Sum(),
            LinearDropoutPenalty.Value(Features, Coefficients, 0.3),
            13);
    }

    [Fact]
    public void Gradient_AnyCoefficient_IsTheFiniteDifference()
    {
        var gradient = new double[Columns];
        LinearDropoutPenalty.Gradient(Features, Coefficients, 0.4, gradient);
        for (int i = 0; i < Columns; i++)
        {
            double[] up = [.. Coefficients], down = [.. Coefficients];
            up[i] += 1e-4;
            down[i] -= 1e-4;
            double difference = LinearDropoutPenalty.Value(Features, up, 0.4) - LinearDropoutPenalty.Value(Features, down, 0.4);
            Assert.Equal(difference / 2e-4, gradient[i], 1e-8); // central differences are exact for a quadratic
        }
    }

    [Fact]
    public void Value_RateZero_IsZero() => Assert.Equal(0, LinearDropoutPenalty.Value(Features, Coefficients, 0));

    [Fact]
    public void Value_RateOne_IsRefused() =>
        Assert.Contains("below 1", Assert.Throws<ArgumentOutOfRangeException>(
            () => LinearDropoutPenalty.Value(Features, Coefficients, 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Value_BrokenRows_AreRefused() =>
        Assert.Contains("whole rows of 5", Assert.Throws<ArgumentException>(
            () => LinearDropoutPenalty.Value(new double[7], Coefficients, 0.5)).Message, StringComparison.Ordinal);
}
