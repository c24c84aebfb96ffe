namespace DropoutSharp.Lab.Training;

/// <summary>Loss and accuracy of class scores.</summary>
internal static class Classes
{
    /// <summary>The mean negative log-probability of the true classes and the share of rows that are right.</summary>
    public static (double Loss, double Accuracy) LossAndAccuracy(float[] outputs, float[] targets)
    {
        int classes = outputs.Length / targets.Length, right = 0;
        double loss = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            ReadOnlySpan<float> scores = outputs.AsSpan(row * classes, classes);
            int label = (int)targets[row];
            loss += Softmax.NegativeLogProbability(scores, label);
            int best = 0;
            for (int c = 1; c < classes; c++)
            {
                best = scores[c] > scores[best] ? c : best;
            }

            right += best == label ? 1 : 0;
        }

        return (loss / targets.Length, (double)right / targets.Length);
    }
}
