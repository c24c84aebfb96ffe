using System.Numerics;

namespace DropoutSharp.Uncertainty;

public static partial class ClassificationScores
{
    /// <summary>The mean squared distance of the probabilities from the true class's certainty, summed over the classes.</summary>
    /// <param name="probabilities">Row-major, rows × classes, in [0, 1].</param>
    /// <param name="labels">The true class of each row, in [0, classes).</param>
    /// <returns>In [0, 2]; less is better.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, a label that is no class, or values that are no probabilities.</exception>
    /// <remarks>
    /// <c>1/N Σ_n Σ_c (p_nc − 1[y_n = c])²</c> (Brier 1950): strictly proper. The sum over both classes of a binary problem is twice the
    /// one-sided form that some texts use.
    /// </remarks>
    public static double BrierScore<T>(ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels)
        where T : IFloatingPointIeee754<T>
    {
        int classes = ScoreGuard.Classes(probabilities, labels);
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            for (int c = 0; c < classes; c++)
            {
                double difference = ScoreGuard.Double(probabilities[(row * classes) + c]) - (labels[row] == c ? 1 : 0);
                sum += difference * difference;
            }
        }

        return sum / labels.Length;
    }

    /// <summary>What the Brier score is made of: reliability, resolution and uncertainty, with each class's forecasts in bins of equal width.</summary>
    /// <param name="probabilities">Row-major, rows × classes, in [0, 1].</param>
    /// <param name="labels">The true class of each row, in [0, classes).</param>
    /// <param name="binCount">The number of bins of [0, 1] for each class's probability, from 1 to the number of rows.</param>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, a label that is no class, or values that are no probabilities.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="binCount"/> is below 1 or above the number of rows.</exception>
    /// <remarks>
    /// For each class, with <c>n_k</c> rows in bin k, their mean forecast <c>f_k</c>, the share <c>o_k</c> of them that is of the class and its share
    /// <c>o</c> in all rows: reliability <c>Σ n_k (f_k − o_k)²/N</c>, resolution <c>Σ n_k (o_k − o)²/N</c>, uncertainty <c>o(1 − o)</c> (Murphy 1973);
    /// the terms are summed over the classes. Murphy's identity is exact where all forecasts of a bin are equal; what is left where they are not is
    /// <see cref="BrierDecomposition.WithinBins"/> (Stephenson, Coelho and Jolliffe 2008), so that the four together give the score exactly.
    /// </remarks>
    public static BrierDecomposition DecomposeBrierScore<T>(ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels, int binCount = 10)
        where T : IFloatingPointIeee754<T>
    {
        int classes = ScoreGuard.Classes(probabilities, labels);
        int rows = labels.Length;
        ScoreGuard.Bins(binCount, rows);
        int[] count = new int[binCount];
        double[] forecast = new double[binCount];
        double[] observed = new double[binCount];
        double reliability = 0, resolution = 0, uncertainty = 0, within = 0;
        for (int c = 0; c < classes; c++)
        {
            Array.Clear(count);
            Array.Clear(forecast);
            Array.Clear(observed);
            int ofClass = 0;
            for (int row = 0; row < rows; row++)
            {
                double probability = ScoreGuard.Double(probabilities[(row * classes) + c]);
                int bin = CalibrationError.EqualWidthBin(probability, binCount);
                count[bin]++;
                forecast[bin] += probability;
                if (labels[row] == c)
                {
                    observed[bin]++;
                    ofClass++;
                }
            }

            double share = (double)ofClass / rows;
            uncertainty += share * (1 - share);
            for (int bin = 0; bin < binCount; bin++)
            {
                if (count[bin] > 0)
                {
                    forecast[bin] /= count[bin];
                    observed[bin] /= count[bin];
                    reliability += count[bin] * Square(forecast[bin] - observed[bin]) / rows;
                    resolution += count[bin] * Square(observed[bin] - share) / rows;
                }
            }

            for (int row = 0; row < rows; row++)
            {
                double probability = ScoreGuard.Double(probabilities[(row * classes) + c]);
                int bin = CalibrationError.EqualWidthBin(probability, binCount);
                double deviation = probability - forecast[bin];
                within += deviation * (deviation - (2 * ((labels[row] == c ? 1 : 0) - observed[bin]))) / rows;
            }
        }

        return new BrierDecomposition(reliability, resolution, uncertainty, within);
    }

    private static double Square(double value) => value * value;
}
