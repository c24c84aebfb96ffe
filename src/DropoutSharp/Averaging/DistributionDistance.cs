namespace DropoutSharp.Averaging;

/// <summary>How far one distribution over classes is from another.</summary>
public static class DistributionDistance
{
    /// <summary>The Kullback-Leibler divergence of <paramref name="q"/> from <paramref name="p"/>, in nats.</summary>
    /// <param name="p">Probabilities, such as of the average.</param>
    /// <param name="q">Probabilities, such as of what stands for it; as many.</param>
    /// <returns>Not negative; 0 only where both agree; infinite where <paramref name="q"/> holds something impossible that <paramref name="p"/> does not.</returns>
    /// <exception cref="ArgumentException">The lengths differ or are 0.</exception>
    /// <remarks><c>Σ p·ln(p/q)</c>, with <c>0·ln 0 = 0</c>. Rounding below zero is cut off. Kullback and Leibler 1951.</remarks>
    public static double KullbackLeibler(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        Check(p, q);
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            sum += p[i] == 0 ? 0 : p[i] * Math.Log(p[i] / q[i]);
        }

        return sum < 0 ? 0 : sum;
    }

    /// <summary>The total variation distance: the largest difference in the probability of any event.</summary>
    /// <param name="p">Probabilities.</param>
    /// <param name="q">Probabilities; as many.</param>
    /// <returns>In [0, 1].</returns>
    /// <exception cref="ArgumentException">The lengths differ or are 0.</exception>
    /// <remarks><c>½ Σ |p − q|</c>.</remarks>
    public static double TotalVariation(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        Check(p, q);
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            sum += Math.Abs(p[i] - q[i]);
        }

        return sum / 2;
    }

    /// <summary>The Jensen-Shannon divergence, in nats: symmetric, and finite always.</summary>
    /// <param name="p">Probabilities.</param>
    /// <param name="q">Probabilities; as many.</param>
    /// <returns>In [0, ln 2].</returns>
    /// <exception cref="ArgumentException">The lengths differ or are 0.</exception>
    /// <remarks><c>½ KL(p‖m) + ½ KL(q‖m)</c> with <c>m = (p + q)/2</c>. Lin 1991.</remarks>
    public static double JensenShannon(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        Check(p, q);
        var middle = new double[p.Length];
        for (int i = 0; i < middle.Length; i++)
        {
            middle[i] = (p[i] + q[i]) / 2;
        }

        return (KullbackLeibler(p, middle) + KullbackLeibler(q, middle)) / 2;
    }

    private static void Check(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        if (p.IsEmpty || p.Length != q.Length)
        {
            throw new ArgumentException($"Both distributions must have the same number of classes; received {p.Length} and {q.Length}.", nameof(q));
        }
    }
}
