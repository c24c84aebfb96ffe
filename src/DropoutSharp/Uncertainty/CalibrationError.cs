using System.Numerics;

namespace DropoutSharp.Uncertainty;

/// <summary>How far a model's confidence is from how often it is right.</summary>
/// <remarks>
/// For classes the confidence of a row is the probability of its most probable class (top-label calibration). Empty bins are left out.
/// Binned estimates are biased upwards for few rows a bin (Kumar, Liang and Ma 2019); compare models on the same rows and bins.
/// </remarks>
public static partial class CalibrationError
{
    /// <summary>The expected calibration error: the mean gap between confidence and accuracy, weighted by the rows of each bin.</summary>
    /// <param name="probabilities">Row-major, rows × classes, in [0, 1].</param>
    /// <param name="labels">The true class of each row, in [0, classes).</param>
    /// <param name="binCount">The number of bins, from 1 to the number of rows.</param>
    /// <param name="binning">Bins of equal width or of equal mass.</param>
    /// <returns>In [0, 1]; less is better.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, a label that is no class, or values that are no probabilities.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="binCount"/> is below 1 or above the number of rows.</exception>
    /// <remarks><c>Σ_k n_k/N |acc_k − conf_k|</c> (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017, who use 15 bins of equal width).</remarks>
    public static double Expected<T>(
        ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels, int binCount = 15, CalibrationBinning binning = CalibrationBinning.EqualWidth)
        where T : IFloatingPointIeee754<T> => Expected(Bins(probabilities, labels, binCount, binning));

    /// <summary>The expected calibration error of the bins of a reliability diagram.</summary>
    /// <param name="bins">The bins; their counts are the weights.</param>
    /// <returns>In [0, 1]; less is better.</returns>
    /// <exception cref="ArgumentException">The bins hold no rows.</exception>
    public static double Expected(ReadOnlySpan<CalibrationBin> bins)
    {
        double sum = 0;
        long rows = 0;
        foreach (CalibrationBin bin in bins)
        {
            sum += bin.Count * bin.Gap;
            rows += bin.Count;
        }

        ScoreGuard.Rows((int)Math.Min(1, rows), nameof(bins));
        return sum / rows;
    }

    /// <summary>The maximum calibration error: the largest gap between confidence and accuracy over the bins that hold rows.</summary>
    /// <param name="probabilities">Row-major, rows × classes, in [0, 1].</param>
    /// <param name="labels">The true class of each row, in [0, classes).</param>
    /// <param name="binCount">The number of bins, from 1 to the number of rows.</param>
    /// <param name="binning">Bins of equal width or of equal mass.</param>
    /// <returns>In [0, 1]; less is better.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, a label that is no class, or values that are no probabilities.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="binCount"/> is below 1 or above the number of rows.</exception>
    /// <remarks><c>max_k |acc_k − conf_k|</c> (Naeini, Cooper and Hauskrecht 2015).</remarks>
    public static double Maximum<T>(
        ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels, int binCount = 15, CalibrationBinning binning = CalibrationBinning.EqualWidth)
        where T : IFloatingPointIeee754<T> => Maximum(Bins(probabilities, labels, binCount, binning));

    /// <summary>The maximum calibration error of the bins of a reliability diagram.</summary>
    /// <param name="bins">The bins; those without rows are passed over.</param>
    /// <returns>In [0, 1]; less is better.</returns>
    /// <exception cref="ArgumentException">The bins hold no rows.</exception>
    public static double Maximum(ReadOnlySpan<CalibrationBin> bins)
    {
        double largest = double.NegativeInfinity;
        foreach (CalibrationBin bin in bins)
        {
            if (bin.Count > 0)
            {
                largest = Math.Max(largest, bin.Gap);
            }
        }

        ScoreGuard.Rows(double.IsNegativeInfinity(largest) ? 0 : 1, nameof(bins));
        return largest;
    }

    /// <summary>The bins of a reliability diagram of the most probable classes.</summary>
    /// <param name="probabilities">Row-major, rows × classes, in [0, 1].</param>
    /// <param name="labels">The true class of each row, in [0, classes).</param>
    /// <param name="binCount">The number of bins, from 1 to the number of rows.</param>
    /// <param name="binning">Bins of equal width or of equal mass.</param>
    /// <returns>The bins that hold rows, by rising confidence.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, a label that is no class, or values that are no probabilities.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="binCount"/> is below 1 or above the number of rows.</exception>
    public static CalibrationBin[] Bins<T>(
        ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels, int binCount = 15, CalibrationBinning binning = CalibrationBinning.EqualWidth)
        where T : IFloatingPointIeee754<T>
    {
        int classes = ScoreGuard.Classes(probabilities, labels);
        double[] confidences = new double[labels.Length];
        bool[] correct = new bool[labels.Length];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<T> ofRow = probabilities.Slice(row * classes, classes);
            int predicted = ScoreGuard.ArgMax(ofRow);
            confidences[row] = Math.Min(1, ScoreGuard.Double(ofRow[predicted]));
            correct[row] = predicted == labels[row];
        }

        return Bins<double>(confidences, correct, binCount, binning);
    }

    /// <summary>The bins of a reliability diagram of any stated confidences.</summary>
    /// <param name="confidences">The stated confidence of each row, in [0, 1].</param>
    /// <param name="correct">Whether each row was right.</param>
    /// <param name="binCount">The number of bins, from 1 to the number of rows.</param>
    /// <param name="binning">Bins of equal width or of equal mass.</param>
    /// <returns>The bins that hold rows, by rising confidence.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, or a confidence outside [0, 1].</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="binCount"/> is below 1 or above the number of rows.</exception>
    public static CalibrationBin[] Bins<T>(
        ReadOnlySpan<T> confidences, ReadOnlySpan<bool> correct, int binCount, CalibrationBinning binning = CalibrationBinning.EqualWidth)
        where T : IFloatingPointIeee754<T>
    {
        int rows = confidences.Length;
        ScoreGuard.Rows(rows, nameof(confidences));
        ScoreGuard.SameLength(rows, correct.Length, nameof(correct), "Outcomes");
        ScoreGuard.Bins(binCount, rows);
        double[] stated = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            stated[row] = ScoreGuard.Double(confidences[row]);
            if (!(stated[row] >= 0 && stated[row] <= 1))
            {
                throw new ArgumentException($"A confidence must be in [0, 1]; received {FormattableString.Invariant($"{stated[row]} in row {row}")}.", nameof(confidences));
            }
        }

        int[] binOfRow = binning == CalibrationBinning.EqualWidth ? EqualWidth(stated, binCount) : EqualMass(stated, binCount);
        double[] confidence = new double[binCount];
        int[] right = new int[binCount];
        int[] count = new int[binCount];
        for (int row = 0; row < rows; row++)
        {
            int bin = binOfRow[row];
            confidence[bin] += stated[row];
            right[bin] += correct[row] ? 1 : 0;
            count[bin]++;
        }

        List<CalibrationBin> bins = [];
        for (int bin = 0; bin < binCount; bin++)
        {
            if (count[bin] > 0)
            {
                bins.Add(new CalibrationBin(confidence[bin] / count[bin], (double)right[bin] / count[bin], count[bin]));
            }
        }

        return [.. bins];
    }

    internal static int EqualWidthBin(double confidence, int binCount) =>
        Math.Clamp((int)Math.Ceiling(confidence * binCount) - 1, 0, binCount - 1);

    private static int[] EqualWidth(double[] confidences, int binCount) =>
        Array.ConvertAll(confidences, confidence => EqualWidthBin(confidence, binCount));

    private static int[] EqualMass(double[] confidences, int binCount)
    {
        int rows = confidences.Length;
        double[] sorted = [.. confidences];
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            order[i] = i;
        }

        Array.Sort(sorted, order);
        int[] binOfRow = new int[rows];
        for (int start = 0; start < rows;)
        {
            int end = start + 1;
            while (end < rows && sorted[end] == sorted[start])
            {
                end++;
            }

            // The bin of the middle of the rows that share a confidence.
            int bin = (int)(((long)start + end) * binCount / (2L * rows));
            for (int i = start; i < end; i++)
            {
                binOfRow[order[i]] = Math.Min(bin, binCount - 1);
            }

            start = end;
        }

        return binOfRow;
    }
}
