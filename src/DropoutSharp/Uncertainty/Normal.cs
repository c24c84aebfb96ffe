namespace DropoutSharp.Uncertainty;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    internal const double LogSqrt2Pi = 0.91893853320467274178;
    private const double InverseSqrt2Pi = 0.39894228040143267794;

    /// <summary>The density <c>φ(z) = e^{−z²/2}/√(2π)</c>.</summary>
    /// <param name="z">In standard deviations from the mean; NaN gives NaN.</param>
    public static double Density(double z) => InverseSqrt2Pi * Math.Exp(-0.5 * z * z);

    /// <summary>The distribution function <c>Φ(z)</c>: the probability of a value of at most <paramref name="z"/>.</summary>
    /// <param name="z">In standard deviations from the mean; NaN gives NaN.</param>
    /// <returns>In [0, 1], with a relative error of some 10⁻¹⁴ in both tails.</returns>
    /// <remarks>
    /// The series <c>Φ(z) = ½ + φ(z)(z + z³/3 + z⁵/15 + …)</c> near 0 and the continued fraction of Mills' ratio
    /// <c>φ(z)/(z + 1/(z + 2/(z + 3/…)))</c> in the tails (Abramowitz and Stegun 1964, 26.2.11 and 26.2.14).
    /// </remarks>
    public static double Cdf(double z)
    {
        if (double.IsNaN(z))
        {
            return z;
        }

        double distance = Math.Abs(z);
        if (distance < 3)
        {
            double term = z, sum = z;
            for (int odd = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); odd += 2)
            {
                term *= z * z / odd;
                sum += term;
            }

            double cdf = 0.5 + (Density(z) * sum);

            // The sum of ½ and a negative number near it loses digits; the continued fraction does not, but needs more terms near 0.
            if (z > -1.5)
            {
                return cdf;
            }
        }

        double tail = 0;
        if (distance < 40)
        {
            double fraction = distance;
            for (int k = distance < 3 ? 200 : 80; k >= 1; k--)
            {
                fraction = distance + (k / fraction);
            }

            tail = Density(distance) / fraction;
        }

        return z < 0 ? tail : 1 - tail;
    }

    /// <summary>The quantile <c>Φ⁻¹(p)</c>: the value that is exceeded with probability <c>1 − p</c>.</summary>
    /// <param name="probability">In [0, 1]; 0 gives −∞ and 1 gives +∞.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> is NaN or outside [0, 1].</exception>
    /// <remarks>A first guess (Abramowitz and Stegun 1964, 26.2.22) and Halley's steps on <see cref="Cdf"/> until it stands still.</remarks>
    public static double Quantile(double probability)
    {
        if (!(probability >= 0 && probability <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(probability), probability, FormattableString.Invariant($"A probability must be in [0, 1]; received {probability}."));
        }

        if (probability is 0 or 1)
        {
            return probability == 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        // In the lower half, where Φ keeps its relative precision.
        double lower = Math.Min(probability, 1 - probability);
        double t = Math.Sqrt(-2 * Math.Log(lower));
        double z = -(t - ((2.30753 + (0.27061 * t)) / (1 + (t * (0.99229 + (0.04481 * t))))));
        for (int i = 0; i < 4; i++)
        {
            double step = (Cdf(z) - lower) / Density(z);
            z -= step / (1 + (0.5 * z * step));
        }

        return probability < 0.5 ? z : probability == 0.5 ? 0 : -z;
    }
}
