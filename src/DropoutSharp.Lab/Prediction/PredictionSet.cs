namespace DropoutSharp.Lab.Prediction;

/// <summary>The fewest classes that together have a probability.</summary>
internal static class PredictionSet
{
    /// <summary>The most probable classes, the most probable first, until their probabilities reach a level; of equal ones the first.</summary>
    /// <param name="probabilities">One a class.</param>
    /// <param name="level">In (0, 1).</param>
    public static int[] Of(ReadOnlySpan<double> probabilities, double level)
    {
        double[] values = probabilities.ToArray();
        int[] classes = [.. Enumerable.Range(0, values.Length).OrderByDescending(index => values[index])];
        double sum = 0;
        int count = 0;
        while (count < classes.Length && sum < level)
        {
            sum += values[classes[count++]];
        }

        return classes[..count];
    }
}
