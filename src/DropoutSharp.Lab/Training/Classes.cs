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

            loss += Math.Log(sum) - ((double)scores[label] - largest);
            right += scores.IndexOf(largest) == label ? 1 : 0;
        }

        return (loss / targets.Length, (double)right / targets.Length);
    }
}
