namespace DropoutSharp.Averaging;

/// <summary>
/// Fast dropout: the sum of many dropped terms is nearly Gaussian, so the average over masks is an integral in one dimension, and a logistic
/// regression with dropout becomes a deterministic objective with a gradient.
/// </summary>
/// <remarks>
/// <para>The logit under inverted dropout of rate r has mean <c>μ = β·x + b</c> and variance <c>v = r/(1−r)·Σⱼ βⱼ²xⱼ²</c>, exactly; its law
/// is taken as Gaussian. The objective is the mean over rows of <c>E[ln(1 + exp(z)) − y·z]</c> with <c>z ~ N(μ, v)</c>. Its derivatives are
/// <c>∂/∂μ = E[σ(z)] − y</c> and <c>∂/∂v = ½·E[σ(z)(1−σ(z))]</c>.
/// Wang and Manning, "Fast dropout training", ICML 2013.</para>
/// <para>Expectations are integrated by the trapezoidal rule in <c>(z−μ)/√v</c>, whose error falls exponentially for these functions: to about
/// 1e-12 while √v ≤ 150, and to a few digits beyond. NaN in a feature or coefficient makes the result NaN.</para>
/// </remarks>
public static class FastDropout
{
    /// <summary>The mean of a sigmoid of a Gaussian, in closed form.</summary>
    /// <param name="mean">The Gaussian's mean.</param>
    /// <param name="variance">Its variance, not negative.</param>
    /// <returns>A probability; exact where the variance is 0, within 0.02 of the integral elsewhere.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="variance"/> is negative or NaN.</exception>
    /// <remarks><c>σ(μ/√(1 + πv/8))</c>. MacKay 1992; equation 2 of Wang and Manning 2013.</remarks>
    public static double MeanSigmoid(double mean, double variance) => variance >= 0
        ? FeatureRows.Sigmoid(mean / Math.Sqrt(1 + (Math.PI * variance / 8)))
        : throw new ArgumentOutOfRangeException(nameof(variance), variance, $"Variance must not be negative; received {variance}.");

    /// <summary>The mean and the variance of a row's logit over all masks.</summary>
    /// <param name="features">One row.</param>
    /// <param name="coefficients">One a feature.</param>
    /// <param name="intercept">The constant b, which is not dropped.</param>
    /// <param name="dropRate">The rate at which features are dropped, below 1.</param>
    /// <returns>Both are exact.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dropRate"/> is 1.</exception>
    public static (double Mean, double Variance) Logit(
        ReadOnlySpan<double> features, ReadOnlySpan<double> coefficients, double intercept, DropRate dropRate)
    {
        if (FeatureRows.Count(features, coefficients) != 1)
        {
            throw new ArgumentException($"A row must have {coefficients.Length} features; received {features.Length}.", nameof(features));
        }

        return (FeatureRows.Dot(features, coefficients) + intercept,
            FeatureRows.NoiseVariance(dropRate) * FeatureRows.SquaredSum(features, coefficients));
    }

    /// <summary>The objective: the mean negative log-likelihood over rows and, in the Gaussian approximation, over all masks.</summary>
    /// <param name="features">Rows × features, row-major.</param>
    /// <param name="targets">One a row: 0 or 1, or a probability between.</param>
    /// <param name="coefficients">One a feature.</param>
    /// <param name="intercept">The constant b, which is not dropped.</param>
    /// <param name="dropRate">The rate at which features are dropped, below 1.</param>
    /// <returns>In nats a row.</returns>
    /// <exception cref="ArgumentException">Lengths do not fit, or a target is outside [0, 1].</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dropRate"/> is 1.</exception>
    public static double Objective(
        ReadOnlySpan<double> features, ReadOnlySpan<double> targets, ReadOnlySpan<double> coefficients, double intercept, DropRate dropRate) =>
        Run(features, targets, coefficients, intercept, dropRate, default).Objective;

    /// <summary>The objective and its gradient.</summary>
    /// <param name="features">Rows × features, row-major.</param>
    /// <param name="targets">One a row: 0 or 1, or a probability between.</param>
    /// <param name="coefficients">One a feature.</param>
    /// <param name="intercept">The constant b, which is not dropped.</param>
    /// <param name="dropRate">The rate at which features are dropped, below 1.</param>
    /// <param name="destination">Takes the derivative by each coefficient.</param>
    /// <returns>The objective in nats a row, and its derivative by the intercept.</returns>
    /// <exception cref="ArgumentException">Lengths do not fit, or a target is outside [0, 1].</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dropRate"/> is 1.</exception>
    public static (double Objective, double ByIntercept) Gradient(
        ReadOnlySpan<double> features,
        ReadOnlySpan<double> targets,
        ReadOnlySpan<double> coefficients,
        double intercept,
        DropRate dropRate,
        Span<double> destination)
    {
        FeatureRows.CheckDestination(coefficients, destination);
        destination.Clear();
        return Run(features, targets, coefficients, intercept, dropRate, destination);
    }

    private static (double Objective, double ByIntercept) Run(
        ReadOnlySpan<double> features,
        ReadOnlySpan<double> targets,
        ReadOnlySpan<double> coefficients,
        double intercept,
        DropRate dropRate,
        Span<double> gradient)
    {
        int rows = FeatureRows.Count(features, coefficients);
        FeatureRows.CheckTargets(rows, targets);
        double noise = FeatureRows.NoiseVariance(dropRate), objective = 0, byIntercept = 0;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<double> x = FeatureRows.Row(features, coefficients, row);
            (double mean, double variance) = Logit(x, coefficients, intercept, dropRate);
            (double partition, double probability, double curvature) = Integrate(mean, variance);
            objective += (partition - (targets[row] * mean)) / rows;
            double byMean = (probability - targets[row]) / rows, byVariance = curvature / (2 * rows);
            byIntercept += byMean;
            for (int feature = 0; feature < gradient.Length; feature++)
            {
                gradient[feature] += (byMean * x[feature]) + (2 * byVariance * noise * coefficients[feature] * x[feature] * x[feature]);
            }
        }

        return (objective, byIntercept);
    }

    /// <summary>E[ln(1 + exp(z))], E[σ(z)] and E[σ(z)(1−σ(z))] for a Gaussian z.</summary>
    private static (double Partition, double Probability, double Curvature) Integrate(double mean, double variance)
    {
        double deviation = Math.Sqrt(variance);
        if (deviation == 0)
        {
            double certain = FeatureRows.Sigmoid(mean);
            return (EnsembleAverage.Softplus(mean), certain, certain * (1 - certain));
        }

        // The nearest pole of these functions lies π/√v off the real axis: the step that makes exp(−2π²/(step·√v)) negligible, and the
        // step that does the same for the Gaussian, whichever is smaller. Beyond ±9 standard deviations lies less than 1e-18.
        const double Reach = 9;
        double step = Math.Clamp(0.6 / deviation, 1.0 / 256, 0.5);
        int half = (int)(Reach / step);
        double total = 0, partition = 0, probability = 0, curvature = 0;
        for (int node = -half; node <= half; node++)
        {
            double t = node * step, weight = Math.Exp(-t * t / 2), z = mean + (deviation * t), sigmoid = FeatureRows.Sigmoid(z);
            total += weight;
            partition += weight * EnsembleAverage.Softplus(z);
            probability += weight * sigmoid;
            curvature += weight * sigmoid * (1 - sigmoid);
        }

        return (partition / total, probability / total, curvature / total);
    }
}
