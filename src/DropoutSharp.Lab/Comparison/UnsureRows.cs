using System.Globalization;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Comparison;

/// <summary>Finds the test rows about which a network is least sure.</summary>
/// <remarks>
/// Classes: the largest entropy of the mean probabilities. Values: the largest spread of the passes; without dropout there is none, and so no
/// such rows.
/// </remarks>
internal static class UnsureRows
{
    public static IReadOnlyList<UnsureExample> Find(PreparedData data, IPredictions predictions, int count) => predictions switch
    {
        ClassPredictions classes => FindClasses(data, classes, count),
        ValuePredictions values => FindValues(data, values, count),
        _ => [],
    };

    private static IReadOnlyList<UnsureExample> FindClasses(PreparedData data, ClassPredictions predictions, int count)
    {
        int classes = data.Classes.Count;
        double[] probabilities = predictions.Probabilities, entropies = predictions.Moments.GetPredictiveEntropy();
        double[] epistemic = predictions.Moments.GetMutualInformation(), aleatoric = predictions.Moments.GetExpectedEntropy();
        return
        [
            .. Enumerable.Range(0, entropies.Length).OrderByDescending(row => entropies[row]).Take(count).Select(row =>
            {
                int best = Enumerable.Range(0, classes).MaxBy(c => probabilities[(row * classes) + c]);
                return Describe(
                    data, row, data.Classes[(int)data.Test.Targets[row]], data.Classes[best], probabilities[(row * classes) + best],
                    epistemic[row], aleatoric[row]);
            }),
        ];
    }

    private static IReadOnlyList<UnsureExample> FindValues(PreparedData data, ValuePredictions predictions, int count)
    {
        (double[] means, double[] spreads) = predictions.Moments();
        return
        [
            .. Enumerable.Range(0, means.Length).Where(row => spreads[row] > 0).OrderByDescending(row => spreads[row]).Take(count)
                .Select(row => Describe(
                    data, row, Text(predictions.Targets[row]), Text(means[row]), double.NaN, spreads[row], predictions.NoiseDeviation)),
        ];
    }

    private static UnsureExample Describe(
        PreparedData data, int row, string truth, string prediction, double confidence, double epistemic, double aleatoric)
    {
        int sourceRow = data.Test.RowNumbers[row];
        RowDescription description = data.Source.Describe(sourceRow, data.Target);
        return new UnsureExample
        {
            Row = sourceRow,
            Truth = truth,
            Prediction = prediction,
            Confidence = confidence,
            Epistemic = epistemic,
            Aleatoric = aleatoric,
            Pixels = description.Pixels,
            PixelShape = description.PixelShape,
            Fields = description.Fields,
        };
    }

    private static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
