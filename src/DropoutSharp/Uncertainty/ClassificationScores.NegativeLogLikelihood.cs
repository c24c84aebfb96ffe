using System.Numerics;

namespace DropoutSharp.Uncertainty;

public static partial class ClassificationScores
{
    /// <summary>The mean negative logarithm of the probability given to the true class, in nats.</summary>
    /// <param name="probabilities">Row-major, rows × classes, in [0, 1].</param>
    /// <param name="labels">The true class of each row, in [0, classes).</param>
    /// <returns>In [0, ∞]; less is better; ∞ where a true class was given probability 0.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, a label that is no class, or values that are no probabilities.</exception>
    /// <remarks><c>−1/N Σ ln p_{n,y_n}</c>: the logarithmic score (Good 1952), strictly proper. Nothing is clamped.</remarks>
    public static double NegativeLogLikelihood<T>(ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels)
        where T : IFloatingPointIeee754<T>
    {
        int classes = ScoreGuard.Classes(probabilities, labels);
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            sum -= Math.Log(Math.Min(1, ScoreGuard.Double(probabilities[(row * classes) + labels[row]])));
        }

        return sum / labels.Length;
    }
}
