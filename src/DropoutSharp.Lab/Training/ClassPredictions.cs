using DropoutSharp.Lab.Comparison;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.Training;

/// <summary>Class probabilities: the mean over one pass or more, with the mean entropy of the passes.</summary>
internal sealed class ClassPredictions : IPredictions
{
    private const int MostReliabilityBins = 15;

    private readonly int[] _labels;
    private readonly ClassificationMoments _moments;
    private double[]? _probabilities;

    /// <summary>No pass yet.</summary>
    /// <param name="targets">The true class of each row.</param>
    /// <param name="classes">The number of classes.</param>
    public ClassPredictions(float[] targets, int classes)
    {
        _labels = Array.ConvertAll(targets, target => (int)target);
        _moments = new ClassificationMoments(targets.Length, classes);
    }

    /// <summary>Entropies and disagreement of the passes.</summary>
    public ClassificationMoments Moments => _moments;

    /// <summary>The mean probabilities, row-major.</summary>
    public double[] Probabilities => _probabilities ??= _moments.GetMeanProbabilities();

    /// <summary>Adds the class scores of one pass, row-major.</summary>
    public void AddPass(ReadOnlySpan<float> outputs)
    {
        _moments.AddLogits(outputs);
        _probabilities = null;
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
            ReadOnlySpan<double> ofRow = probabilities.AsSpan(row * _moments.Classes, _moments.Classes);
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

    public (double[] Scores, double[] Uncertainties) Calibration(ulong key)
    {
        double[] probabilities = Probabilities;
        return (
            AdaptivePredictionSets.Scores<double>(probabilities, _labels, key),
            [.. probabilities.Chunk(_moments.Classes).Select(ofRow => Math.Max(0, 1 - ofRow.Max()))]);
    }

    private CalibrationBin[] Bins(double[] probabilities) =>
        CalibrationError.Bins<double>(probabilities, _labels, Math.Min(MostReliabilityBins, _labels.Length));
}
