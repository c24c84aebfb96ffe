namespace DropoutSharp.Lab.Comparison;

/// <summary>Corrects p-values for how many hypotheses were tested together.</summary>
public static class HolmCorrection
{
    /// <summary>The corrected p-values.</summary>
    /// <param name="pValues">The p-values, each in [0, 1] or NaN for a test that could not be made.</param>
    /// <returns>One a p-value, in the same order; NaN where it was NaN.</returns>
    /// <remarks>
    /// The i-th smallest of m is multiplied with m − i + 1, made no smaller than those before it and at most 1 (Holm 1979). The probability of
    /// one false finding or more stays below the level whatever the dependence between the tests. Tests that could not be made do not count.
    /// </remarks>
    public static double[] Correct(IReadOnlyList<double> pValues)
    {
        double[] corrected = [.. pValues];
        int[] order = [.. Enumerable.Range(0, corrected.Length).Where(i => !double.IsNaN(corrected[i])).OrderBy(i => corrected[i])];
        double largest = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, corrected[order[rank]] * (order.Length - rank)));
            corrected[order[rank]] = largest;
        }

        return corrected;
    }
}
