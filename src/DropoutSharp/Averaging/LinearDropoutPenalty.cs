namespace DropoutSharp.Averaging;

/// <summary>What dropout on the features of a linear regression adds to its loss on average: an L2 penalty that adapts to the features, exactly.</summary>
/// <remarks>
/// With inverted dropout of rate r on features x, the expected half squared error is
/// <c>E[½(y − β·x̃)²] = ½(y − β·x)² + ½·r/(1−r)·Σⱼ βⱼ²xⱼ²</c>. The penalty is the mean of the second part over the rows: ridge regression on
/// features scaled to unit second moment. It is exact, for every β; an intercept is not dropped and does not enter.
/// Wager, Wang and Liang, "Dropout training as adaptive regularization", NIPS 2013; Srivastava et al. 2014, section 9.1.
/// NaN in a feature or coefficient makes the result NaN.
/// </remarks>
public static class LinearDropoutPenalty
{
    /// <summary>The penalty of a coefficient vector.</summary>
    /// <param name="features">Rows × features, row-major.</param>
    /// <param name="coefficients">One a feature.</param>
    /// <param name="dropRate">The rate at which features are dropped, below 1.</param>
    /// <returns>To be added to the mean of ½(y − β·x)² over the rows.</returns>
    /// <exception cref="ArgumentException">There are no rows, or the features are not rows × coefficients.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dropRate"/> is 1.</exception>
    public static double Value(ReadOnlySpan<double> features, ReadOnlySpan<double> coefficients, DropRate dropRate)
    {
        int rows = FeatureRows.Count(features, coefficients);
        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            sum += FeatureRows.SquaredSum(FeatureRows.Row(features, coefficients, row), coefficients);
        }

        return FeatureRows.NoiseVariance(dropRate) * sum / (2 * rows);
    }

    /// <summary>The weight of each squared coefficient in the penalty: <c>½·r/(1−r)·mean xⱼ²</c>.</summary>
    /// <param name="features">Rows × features, row-major.</param>
    /// <param name="dropRate">The rate at which features are dropped, below 1.</param>
    /// <param name="destination">Takes one number a feature; its length says how many features there are.</param>
    /// <exception cref="ArgumentException">There are no rows, or the features are not rows × the destination's length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dropRate"/> is 1.</exception>
    /// <remarks><c>Value = Σⱼ destination[j]·βⱼ²</c>; twice the destination is the diagonal to add to <c>XᵀX/rows</c> in the normal equations.</remarks>
    public static void Diagonal(ReadOnlySpan<double> features, DropRate dropRate, Span<double> destination)
    {
        int rows = FeatureRows.Count(features, destination);
        double scale = FeatureRows.NoiseVariance(dropRate) / (2 * rows);
        destination.Clear();
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<double> x = FeatureRows.Row(features, destination, row);
            for (int feature = 0; feature < x.Length; feature++)
            {
                destination[feature] += scale * x[feature] * x[feature];
            }
        }
    }

    /// <summary>The penalty's gradient with respect to the coefficients.</summary>
    /// <param name="features">Rows × features, row-major.</param>
    /// <param name="coefficients">One a feature.</param>
    /// <param name="dropRate">The rate at which features are dropped, below 1.</param>
    /// <param name="destination">Takes one number a feature.</param>
    /// <exception cref="ArgumentException">There are no rows, or lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dropRate"/> is 1.</exception>
    public static void Gradient(ReadOnlySpan<double> features, ReadOnlySpan<double> coefficients, DropRate dropRate, Span<double> destination)
    {
        FeatureRows.CheckDestination(coefficients, destination);
        var diagonal = new double[coefficients.Length];
        Diagonal(features, dropRate, diagonal);
        for (int feature = 0; feature < diagonal.Length; feature++)
        {
            destination[feature] = 2 * diagonal[feature] * coefficients[feature];
        }
    }
}
