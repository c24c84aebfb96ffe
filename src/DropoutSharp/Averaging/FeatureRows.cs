namespace DropoutSharp.Averaging;

/// <summary>A table of features in one span, and the checks and sums that the averaged losses share.</summary>
internal static class FeatureRows
{
    public static int Count(ReadOnlySpan<double> features, ReadOnlySpan<double> coefficients)
    {
        if (coefficients.IsEmpty || features.IsEmpty || features.Length % coefficients.Length != 0)
        {
            throw new ArgumentException(
                $"Features must be whole rows of {coefficients.Length}, one number a coefficient; received {features.Length}.", nameof(features));
        }

        return features.Length / coefficients.Length;
    }

    public static void CheckDestination(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> destination)
    {
        if (destination.Length != coefficients.Length)
        {
            throw new ArgumentException($"Destination must hold {coefficients.Length} numbers, one a coefficient; received room for {destination.Length}.", nameof(destination));
        }
    }

    public static void CheckTargets(int rows, ReadOnlySpan<double> targets)
    {
        if (targets.Length != rows)
        {
            throw new ArgumentException($"There must be one target for each of {rows} rows; received {targets.Length}.", nameof(targets));
        }

        foreach (double target in targets)
        {
            if (!(target is >= 0 and <= 1))
            {
                throw new ArgumentException($"Targets must be in [0, 1]; received {target}.", nameof(targets));
            }
        }
    }

    /// <summary>The variance of inverted dropout's factor: r/(1−r).</summary>
    public static double NoiseVariance(DropRate dropRate) => dropRate.DropsAll
        ? throw new ArgumentOutOfRangeException(nameof(dropRate), dropRate, "Drop rate must be below 1, where inverted dropout has no expectation to keep; received 1.")
        : dropRate.Value / dropRate.KeepProbability;

    public static ReadOnlySpan<double> Row(ReadOnlySpan<double> features, ReadOnlySpan<double> coefficients, int row) =>
        features.Slice(row * coefficients.Length, coefficients.Length);

    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> coefficients)
    {
        double sum = 0;
        for (int feature = 0; feature < x.Length; feature++)
        {
            sum += x[feature] * coefficients[feature];
        }

        return sum;
    }

    /// <summary>Σ βⱼ²xⱼ².</summary>
    public static double SquaredSum(ReadOnlySpan<double> x, ReadOnlySpan<double> coefficients)
    {
        double sum = 0;
        for (int feature = 0; feature < x.Length; feature++)
        {
            double term = x[feature] * coefficients[feature];
            sum += term * term;
        }

        return sum;
    }

    public static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
}
