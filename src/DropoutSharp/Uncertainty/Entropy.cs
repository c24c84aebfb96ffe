using System.Numerics;

namespace DropoutSharp.Uncertainty;

/// <summary>The entropy of class probabilities, in nats.</summary>
public static class Entropy
{
    /// <summary>The entropy <c>−Σ p ln p</c> of one row's probabilities.</summary>
    /// <param name="probabilities">The probability of each class, not negative; nothing is normalised.</param>
    /// <returns>In nats, from 0 (certain) to <c>ln classes</c> (uniform); NaN where a probability is NaN or negative.</returns>
    /// <remarks><c>0·ln 0</c> is 0, its limit (Shannon 1948).</remarks>
    public static double Of<T>(ReadOnlySpan<T> probabilities)
        where T : IFloatingPointIeee754<T>
    {
        double entropy = 0;
        foreach (T value in probabilities)
        {
            entropy += Term(ScoreGuard.Double(value));
        }

        return entropy;
    }

    internal static double Term(double probability) => probability == 0 ? 0 : -probability * Math.Log(probability);
}
