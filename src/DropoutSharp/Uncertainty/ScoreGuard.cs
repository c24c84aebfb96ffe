using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DropoutSharp.Uncertainty;

/// <summary>The checks that the scores share.</summary>
internal static class ScoreGuard
{
    // Probabilities of the 16-bit formats, rounded after a softmax over many classes, still sum to 1 within this; logits do not.
    private const double SumTolerance = 1e-2;

    public static void Rows(int rows, string name)
    {
        if (rows == 0)
        {
            throw new ArgumentException("A score needs at least one row; received none.", name);
        }
    }

    public static void SameLength(int expected, int received, string name, string what, string unit = "row")
    {
        if (expected != received)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{what} must be one a {unit}, {expected}; received {received}."), name);
        }
    }

    /// <summary>The number of classes of row-major probabilities, once probabilities and labels are found to fit each other.</summary>
    public static int Classes<T>(ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels)
        where T : IFloatingPointIeee754<T>
    {
        Rows(labels.Length, nameof(labels));
        int classes = Classes(probabilities, labels.Length);
        for (int row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)classes)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"A label must be one of the {classes} classes, in [0, {classes - 1}]; received {labels[row]} in row {row}."),
                    nameof(labels));
            }
        }

        return classes;
    }

    /// <summary>The number of classes of row-major probabilities, once they are found to be such.</summary>
    public static int Classes<T>(ReadOnlySpan<T> probabilities, int rows)
        where T : IFloatingPointIeee754<T>
    {
        int classes = probabilities.Length / rows;
        if (classes == 0 || classes * (long)rows != probabilities.Length)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Probabilities must be the same number for each of the {rows} rows; received {probabilities.Length} in all."),
                nameof(probabilities));
        }

        for (int row = 0; row < rows; row++)
        {
            double sum = 0;
            foreach (T value in probabilities.Slice(row * classes, classes))
            {
                double probability = Double(value);
                if (!(probability >= 0 && probability <= 1 + SumTolerance))
                {
                    throw new ArgumentException(
                        string.Create(CultureInfo.InvariantCulture, $"A probability must be in [0, 1]; received {probability} in row {row}."),
                        nameof(probabilities));
                }

                sum += probability;
            }

            if (!(Math.Abs(sum - 1) <= SumTolerance))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"The probabilities of a row must sum to 1; received a sum of {sum} in row {row}."),
                    nameof(probabilities));
            }
        }

        return classes;
    }

    public static void Bins(int binCount, int rows)
    {
        if (binCount < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(binCount), binCount, string.Create(CultureInfo.InvariantCulture, $"The number of bins must be at least 1; received {binCount}."));
        }

        if (binCount > rows)
        {
            throw new ArgumentOutOfRangeException(
                nameof(binCount), binCount, string.Create(CultureInfo.InvariantCulture, $"The number of bins must be at most the number of rows, {rows}; received {binCount}."));
        }
    }

    public static void Positive(double value, string name, string what, int row = -1)
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            string where = row < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" in row {row}");
            throw new ArgumentOutOfRangeException(
                name, value, string.Create(CultureInfo.InvariantCulture, $"{what} must be positive and finite; received {value}{where}."));
        }
    }

    public static void Level(double level, string name = "level")
    {
        if (!(level > 0 && level < 1))
        {
            throw new ArgumentOutOfRangeException(
                name, level, string.Create(CultureInfo.InvariantCulture, $"The level of an interval must be above 0 and below 1; received {level}."));
        }
    }

    public static void NoNaN(double value, string name, string what, int row)
    {
        if (double.IsNaN(value))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{what} must be a number; received NaN in row {row}."), name);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Double<T>(T value)
        where T : IFloatingPointIeee754<T> => double.CreateTruncating(value);

    /// <summary>The index of the largest value, the first where several are.</summary>
    public static int ArgMax<T>(ReadOnlySpan<T> values)
        where T : IFloatingPointIeee754<T>
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        return best;
    }
}
