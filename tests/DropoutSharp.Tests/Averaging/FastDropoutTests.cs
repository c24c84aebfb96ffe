using DropoutSharp.Averaging;
using static DropoutSharp.Tests.Averaging.AveragingExamples;

namespace DropoutSharp.Tests.Averaging;

public sealed class FastDropoutTests
{
    private const int Rows = 9;
    private const int Columns = 16;

    private static readonly double[] Features = Normals(1, Rows * Columns);
    private static readonly double[] Targets = [0, 1, 0, 1, 1, 0, 0.25, 1, 0];
    private static readonly double[] Coefficients = Normals(3, Columns, 0.4);

    [Fact]
    public void Logit_OneRow_HasTheMomentsOfEveryMask()
    {
        double[] row = Features[..Columns];
        var model = new DenseNetwork([new DenseLayer(Coefficients, [0.3], 0.25)], HiddenActivation.Identity, OutputKind.Identity);
        EnsembleAverage masks = SubNetworkEnumeration.Average(model, row);

        (double mean, double variance) = FastDropout.Logit(row, Coefficients, 0.3, 0.25);

        Assert.Equal(masks.ArithmeticMean()[0], mean, 1e-11);
        Assert.Equal(masks.StandardDeviation()[0], Math.Sqrt(variance), 1e-9);
    }

    [Fact]
    public void Objective_NoDropout_IsTheLogLoss()
    {
        double expected = 0;
        for (int row = 0; row < Rows; row++)
        {
            double z = FastDropout.Logit(Features.AsSpan(row * Columns, Columns), Coefficients, 0.1, 0).Mean;
            expected += (Math.Log(1 + Math.Exp(z)) - (Targets[row] * z)) / Rows;
        }

        Assert.Equal(expected, FastDropout.Objective(Features, Targets, Coefficients, 0.1, 0), 1e-13);
    }

    [Fact]
    public void Objective_SixteenFeatures_IsNearTheAverageOverEveryMask()
    {
        // What dropout adds: here by the Gaussian approximation, there over all 2^16 masks of every row. The sum of 16 terms is not quite
        // Gaussian; what is left is a few per cent of the penalty, less than the second-order penalty leaves.
        double exact = LogisticDropoutPenalty.Exact(Features, Coefficients, 0.1, 0.5);
        double gaussian = FastDropout.Objective(Features, Targets, Coefficients, 0.1, 0.5)
            - FastDropout.Objective(Features, Targets, Coefficients, 0.1, 0);
        double secondOrder = LogisticDropoutPenalty.Value(Features, Coefficients, 0.1, 0.5);

        Assert.InRange(gaussian / exact, 0.95, 1.05);
        Assert.True(Math.Abs(gaussian - exact) < Math.Abs(secondOrder - exact), $"{exact} {gaussian} {secondOrder}");
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    [InlineData(0.9)]
    public void Gradient_AnyCoefficient_IsTheFiniteDifference(double dropRate)
    {
        var gradient = new double[Columns];
        (double objective, double byIntercept) = FastDropout.Gradient(Features, Targets, Coefficients, 0.1, dropRate, gradient);
        const double Step = 1e-5;
        for (int i = 0; i < Columns; i++)
        {
            double[] up = [.. Coefficients], down = [.. Coefficients];
            up[i] += Step;
            down[i] -= Step;
            double difference = FastDropout.Objective(Features, Targets, up, 0.1, dropRate) - FastDropout.Objective(Features, Targets, down, 0.1, dropRate);
            Assert.Equal(difference / (2 * Step), gradient[i], 1e-7);
        }

        double byShift = FastDropout.Objective(Features, Targets, Coefficients, 0.1 + Step, dropRate)
            - FastDropout.Objective(Features, Targets, Coefficients, 0.1 - Step, dropRate);
        Assert.Equal(byShift / (2 * Step), byIntercept, 1e-7);
        Assert.Equal(FastDropout.Objective(Features, Targets, Coefficients, 0.1, dropRate), objective);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1.0)]
    [InlineData(30.0)]
    [InlineData(150.0)]
    public void Objective_OppositeTargets_DifferByTheMean(double scale)
    {
        // ln(1 + exp(z)) − ln(1 + exp(−z)) = z, so the integrals for (x, 1) and (−x, 0) agree, and those for one x differ by its mean logit.
        double[] x = [1, -2, 0.5], beta = [scale, scale, scale], opposite = [.. x.Select(value => -value)];
        double mean = FastDropout.Logit(x, beta, 0, 0.5).Mean;

        double one = FastDropout.Objective(x, [1], beta, 0, 0.5), zero = FastDropout.Objective(x, [0], beta, 0, 0.5);

        Assert.Equal(mean, zero - one, 1e-11 * (1 + Math.Abs(mean)));
        Assert.Equal(one, FastDropout.Objective(opposite, [0], beta, 0, 0.5), 1e-11 * (1 + Math.Abs(mean)));
    }

    [Fact]
    public void Objective_WideGaussian_IsTheIntegralOfItsHinge()
    {
        // For a deviation s far above 1, E[ln(1 + exp(z))] at mean 0 is s/√(2π) + (π²/6)/(s√(2π)) up to terms of order s⁻³.
        const double S = 100;
        double expected = (S + (Math.PI * Math.PI / 6 / S)) / Math.Sqrt(2 * Math.PI);

        // One feature of value 100 at rate ½ has that deviation; an intercept of −100 brings the mean to 0.
        Assert.Equal(expected, FastDropout.Objective([100], [0], [1], -100, 0.5), 1e-5);
    }

    [Fact]
    public void MeanSigmoid_ZeroVariance_IsTheSigmoid()
    {
        Assert.Equal(1 / (1 + Math.Exp(-0.7)), FastDropout.MeanSigmoid(0.7, 0), 1e-15);
        Assert.Equal(0.5, FastDropout.MeanSigmoid(0, 12));
        Assert.Throws<ArgumentOutOfRangeException>(() => FastDropout.MeanSigmoid(0, -1));
    }

    [Fact]
    public void Objective_BadArguments_AreRefused()
    {
        Assert.Contains("one target for each of 9 rows; received 2", Assert.Throws<ArgumentException>(
            () => FastDropout.Objective(Features, [0, 1], Coefficients, 0, 0.5)).Message, StringComparison.Ordinal);
        Assert.Contains("[0, 1]; received 2", Assert.Throws<ArgumentException>(
            () => FastDropout.Objective([1], [2], [1], 0, 0.5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => FastDropout.Objective([1], [1], [1], 0, 1));
    }
}
