using System.Numerics;

namespace DropoutSharp.Uncertainty;

public static partial class ClassificationScores
{
    /// <summary>The share of rows whose most probable class is the true one.</summary>
    /// <param name="probabilities">Row-major, rows × classes, in [0, 1].</param>
    /// <param name="labels">The true class of each row, in [0, classes).</param>
    /// <returns>In [0, 1].</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, a label that is no class, or values that are no probabilities.</exception>
    /// <remarks><c>1/N Σ 1[argmax_c p_nc = y_n]</c>; the first of several equally probable classes counts as the prediction.</remarks>
    public static double Accuracy<T>(ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels)
        where T : IFloatingPointIeee754<T>
    {
        int classes = ScoreGuard.Classes(probabilities, labels);
        int right = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            if (ScoreGuard.ArgMax(probabilities.Slice(row * classes, classes)) == labels[row])
            {
                right++;
            }
        }

        return (double)right / labels.Length;
    }
}
