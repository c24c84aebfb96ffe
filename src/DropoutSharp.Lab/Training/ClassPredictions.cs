using DropoutSharp.Lab.Comparison;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.Training;

/// <summary>Class probabilities: the mean over one pass or more, with the mean entropy of the passes.</summary>
internal sealed class ClassPredictions : IPredictions
{
    private const int MostReliabilityBins = 15;

    private readonly int[] _labels;
    private readonly int _classes;
    private readonly double[] _sum;
    private readonly double[] _entropySum;
    private int _passes;

    /// <summary>No pass yet.</summary>
    /// <param name="targets">The true class of each row.</param>
    /// <param name="classes">The number of classes.</param>
    public ClassPredictions(float[] targets, int classes)
    {
        _labels = Array.ConvertAll(targets, target => (int)target);
        _classes = classes;
        _sum = new double[targets.Length * classes];
        _entropySum = new double[targets.Length];
    }

    /// <summary>The probabilities, row-major.</summary>
    public double[] Probabilities => Array.ConvertAll(_sum, sum => sum / _passes);

    /// <summary>The mean entropy of the passes in nats, one a row: the part of the uncertainty that more data would not remove.</summary>
    public double[] ExpectedEntropies => Array.ConvertAll(_entropySum, sum => sum / _passes);

    /// <summary>Adds the class scores of one pass, row-major.</summary>
    public void AddPass(ReadOnlySpan<float> outputs)
    {
        Span<double> probabilities = new double[_classes];
        for (int row = 0; row < _labels.Length; row++)
        {
            Softmax.Compute(outputs.Slice(row * _classes, _classes), probabilities);
            double entropy = 0;
            for (int c = 0; c < _classes; c++)
            {
                _sum[(row * _classes) + c] += probabilities[c];
                entropy -= probabilities[c] > 0 ? probabilities[c] * Math.Log(probabilities[c]) : 0;
            }

            _entropySum[row] += entropy;
        }

        _passes++;
    }

    public IReadOnlyDictionary<string, double> Scores()
    {
        double[] probabilities = Probabilities;
        return new Dictionary<string, double>
        {
            [ScoreNames.Accuracy] = ClassificationScores.Accuracy<double>(probabilities, _labels),
            [ScoreNames.NegativeLogLikelihood] = ClassificationScores.NegativeLogLikelihood<double>(probabilities, _labels),
            [ScoreNames.Brier] = ClassificationScores.BrierScore<double>(probabilities, _labels),
            [ScoreNames.CalibrationError] = CalibrationError.Expected(Bins(probabilities)),
        };
    }

    public float[]? RowLosses(string score)
    {
        if (score == ScoreNames.CalibrationError)
        {
            return null;
        }

        double[] probabilities = Probabilities;
        float[] losses = new float[_labels.Length];
        for (int row = 0; row < losses.Length; row++)
        {
            ReadOnlySpan<double> ofRow = probabilities.AsSpan(row * _classes, _classes);
            ReadOnlySpan<int> label = _labels.AsSpan(row, 1);
            losses[row] = (float)(score switch
            {
                ScoreNames.Accuracy => ClassificationScores.Accuracy(ofRow, label),
                ScoreNames.Brier => ClassificationScores.BrierScore(ofRow, label),
                _ => ClassificationScores.NegativeLogLikelihood(ofRow, label),
            });
        }

        return losses;
    }

    public IReadOnlyList<ReliabilityBin> Reliability() =>
        [.. Bins(Probabilities).Select(bin => new ReliabilityBin(bin.Stated, bin.Observed, bin.Count))];

    private CalibrationBin[] Bins(double[] probabilities) =>
        CalibrationError.Bins<double>(probabilities, _labels, Math.Min(MostReliabilityBins, _labels.Length));
}
