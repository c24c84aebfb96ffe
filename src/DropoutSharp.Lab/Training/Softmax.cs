namespace DropoutSharp.Lab.Training;

/// <summary>Class scores to probabilities, in double precision.</summary>
internal static class Softmax
{
    /// <summary>Writes the probabilities of one row's class scores.</summary>
    public static void Compute(ReadOnlySpan<float> scores, Span<double> probabilities)
    {
        float largest = float.NegativeInfinity;
        foreach (float score in scores)
        {
            largest = Math.Max(largest, score);
        }

        double sum = 0;
        for (int c = 0; c < scores.Length; c++)
        {
            sum += probabilities[c] = Math.Exp((double)scores[c] - largest);
        }

        for (int c = 0; c < scores.Length; c++)
        {
            probabilities[c] /= sum;
        }
    }

    /// <summary>The negative logarithm of the probability of one class.</summary>
    public static double NegativeLogProbability(ReadOnlySpan<float> scores, int label)
    {
        float largest = float.NegativeInfinity;
        foreach (float score in scores)
        {
            largest = Math.Max(largest, score);
        }

        double sum = 0;
        foreach (float score in scores)
        {
            sum += Math.Exp((double)score - largest);
        }

        return Math.Log(sum) - (scores[label] - (double)largest);
    }
}
