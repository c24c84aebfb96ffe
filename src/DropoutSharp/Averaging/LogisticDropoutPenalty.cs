namespace DropoutSharp.Averaging;

/// <summary>What dropout on the features of a logistic regression adds to its loss on average: to second order, and exactly by enumeration.</summary>
/// <remarks>
/// With log partition <c>A(z) = ln(1 + exp(z))</c> and dropped features x̃ that keep their expectation, dropout adds
/// <c>R(β) = mean over rows of E[A(β·x̃ + b)] − A(β·x + b)</c>, whatever the targets. To second order this is
/// <c>½·r/(1−r)·mean over rows of σ(z)(1−σ(z))·Σⱼ βⱼ²xⱼ²</c>: an L2 penalty, largest for features of rows about which the model is unsure, so that rare
/// but telling features are spared. Wager, Wang and Liang, "Dropout training as adaptive regularization", NIPS 2013, equations 4 and 11.
/// NaN in a feature or coefficient makes the result NaN.
/// </remarks>
public static class LogisticDropoutPenalty
{
    /// <summary>The largest number of features that are not 0 in one row for <see cref="Exact"/>: 2²⁰ masks.</summary>
    public const int MaxExactFeatures = SubNetworkEnumeration.MaxDroppableUnits;

    /// <summary>The second-order penalty of a coefficient vector.</summary>
    /// <param name="features">Rows × features, row-major.</param>
    /// <param name="coefficients">One a feature.</param>
    /// <param name="intercept">The constant b, which is not dropped.</param>
    /// <param name="dropRate">The rate at which features are dropped, below 1.</param>
    /// <returns>To be added to the mean negative log-likelihood over the rows, in nats.</returns>
    /// <exception cref="ArgumentException">There are no rows, or the features are not rows × coefficients.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dropRate"/> is 1.</exception>
    public static double Value(ReadOnlySpan<double> features, ReadOnlySpan<double> coefficients, double intercept, DropRate dropRate)
    {
        int rows = FeatureRows.Count(features, coefficients);
        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<double> x = FeatureRows.Row(features, coefficients, row);
            double probability = FeatureRows.Sigmoid(FeatureRows.Dot(x, coefficients) + intercept);
            sum += probability * (1 - probability) * FeatureRows.SquaredSum(x, coefficients);
        }

        return FeatureRows.NoiseVariance(dropRate) * sum / (2 * rows);
    }

    /// <summary>The gradient of the second-order penalty.</summary>
    /// <param name="features">Rows × features, row-major.</param>
    /// <param name="coefficients">One a feature.</param>
    /// <param name="intercept">The constant b, which is not dropped.</param>
    /// <param name="dropRate">The rate at which features are dropped, below 1.</param>
    /// <param name="destination">Takes the derivative by each coefficient.</param>
    /// <returns>The derivative by the intercept.</returns>
    /// <exception cref="ArgumentException">There are no rows, or lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dropRate"/> is 1.</exception>
    public static double Gradient(
        ReadOnlySpan<double> features, ReadOnlySpan<double> coefficients, double intercept, DropRate dropRate, Span<double> destination)
    {
        int rows = FeatureRows.Count(features, coefficients);
        FeatureRows.CheckDestination(coefficients, destination);
        double scale = FeatureRows.NoiseVariance(dropRate) / (2 * rows), byIntercept = 0;
        destination.Clear();
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<double> x = FeatureRows.Row(features, coefficients, row);
            double probability = FeatureRows.Sigmoid(FeatureRows.Dot(x, coefficients) + intercept);
            double curvature = scale * probability * (1 - probability);
            double byLogit = curvature * (1 - (2 * probability)) * FeatureRows.SquaredSum(x, coefficients);
            byIntercept += byLogit;
            for (int feature = 0; feature < x.Length; feature++)
            {
                destination[feature] += (byLogit * x[feature]) + (2 * curvature * x[feature] * x[feature] * coefficients[feature]);
            }
        }

        return byIntercept;
    }

    /// <summary>The penalty itself, by enumeration of all masks of every row.</summary>
    /// <param name="features">Rows × features, row-major; no row may have more than <see cref="MaxExactFeatures"/> features.</param>
    /// <param name="coefficients">One a feature, at most <see cref="MaxExactFeatures"/>.</param>
    /// <param name="intercept">The constant b, which is not dropped.</param>
    /// <param name="dropRate">The rate at which features are dropped, below 1.</param>
    /// <returns>What dropout adds to the mean negative log-likelihood, in nats; not negative.</returns>
    /// <exception cref="ArgumentException">There are no rows, too many features, or the features are not rows × coefficients.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dropRate"/> is 1.</exception>
    public static double Exact(ReadOnlySpan<double> features, ReadOnlySpan<double> coefficients, double intercept, DropRate dropRate)
    {
        int rows = FeatureRows.Count(features, coefficients);
        FeatureRows.NoiseVariance(dropRate);
        var model = new DenseNetwork([new DenseLayer(coefficients, [intercept], dropRate)], HiddenActivation.Identity, OutputKind.Sigmoid);
        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<double> x = FeatureRows.Row(features, coefficients, row);
            EnsembleAverage average = SubNetworkEnumeration.Average(model, x);
            sum += average.MeanLogPartition() - EnsembleAverage.Softplus(FeatureRows.Dot(x, coefficients) + intercept);
        }

        return sum / rows;
    }
}
