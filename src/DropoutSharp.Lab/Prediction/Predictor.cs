using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Training;
using DropoutSharp.Uncertainty;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Prediction;

/// <summary>Predicts rows with a saved model, a batch at a time, and says how sure each prediction is.</summary>
/// <remarks>
/// With dropout in the model the mean over Monte-Carlo passes is predicted, and their disagreement is the epistemic part. Without, one pass is
/// taken and the epistemic part is 0. The masks of a row depend on the seed and on where it stands in the data, not on the batches.
/// </remarks>
public sealed class Predictor
{
    private const int MostValuesHeld = 1 << 22;
    private const int MostBatchRows = 4096;

    private readonly Model _model;
    private readonly PredictorOptions _options;
    private readonly TargetEncoder _target;
    private readonly int _passes;

    /// <summary>A predictor.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="options">How rows are predicted.</param>
    /// <exception cref="UserErrorException">An option is out of its range.</exception>
    public Predictor(Model model, PredictorOptions options)
    {
        options.Check();
        _model = model;
        _options = options;
        _target = model.Description.Encoder.Target;
        _passes = model.Network.HasDropout ? options.Passes : 1;
        BatchRows = Math.Clamp(MostValuesHeld / (_passes * Math.Max(1, _target.Classes.Count)), 1, MostBatchRows);
    }

    /// <summary>How many rows a batch should have, so that the passes of one batch fit into memory with ease.</summary>
    public int BatchRows { get; }

    /// <summary>Predicts every row of a stream and writes the predictions as they come.</summary>
    /// <param name="rows">The rows; opened with the model's encoder.</param>
    /// <param name="writer">Where the predictions go; the caller completes it.</param>
    /// <param name="report">Told how many rows are done; may be null.</param>
    /// <param name="cancellation">Ends the work between two batches.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="UserErrorException">A row does not hold what it must.</exception>
    public long Predict(RowStream rows, PredictionWriter writer, Action<long>? report = null, CancellationToken cancellation = default)
    {
        long count = 0;
        foreach (RowBatch batch in rows.ReadBatches())
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Tensor features = tensor(batch.Rows.Features).reshape([batch.Rows.Count, .. batch.Rows.Shape.Select(static size => (long)size)]);
            if (_target.Task == LearningTask.Classification)
            {
                PredictClasses(batch, features, writer);
            }
            else
            {
                PredictNumbers(batch, features, writer);
            }

            count += batch.Rows.Count;
            report?.Invoke(count);
        }

        return count;
    }

    private void PredictClasses(RowBatch batch, Tensor features, PredictionWriter writer)
    {
        int classes = _target.Classes.Count;
        ClassificationMoments moments = new(batch.Rows.Count, classes);
        Run(batch, features, outputs => moments.AddLogits(outputs));
        double[] probabilities = moments.GetMeanProbabilities();
        double[] epistemic = moments.GetMutualInformation();
        double[] aleatoric = moments.GetExpectedEntropy();
        for (int row = 0; row < batch.Rows.Count; row++)
        {
            ReadOnlySpan<double> ofRow = probabilities.AsSpan(row * classes, classes);
            writer.WriteClass(batch, row, ofRow, epistemic[row], aleatoric[row], PredictionSet.Of(ofRow, _options.Level));
        }
    }

    private void PredictNumbers(RowBatch batch, Tensor features, PredictionWriter writer)
    {
        int count = batch.Rows.Count;
        double[] values = new double[count * _passes]; // Row by row, the passes of a row together.
        RegressionMoments moments = new(count);
        double[] ofPass = new double[count];
        int pass = 0;
        Run(batch, features, outputs =>
        {
            for (int row = 0; row < count; row++)
            {
                ofPass[row] = values[(row * _passes) + pass] = _target.Mean + (_target.Scale * outputs[row]);
            }

            moments.Add<double>(ofPass);
            pass++;
        });
        double[] means = moments.GetMean();
        double[] variances = moments.GetEpistemicVariance();
        NoiseDeviations noise = _model.Description.Noise;
        double deviation = _model.Network.HasDropout ? noise.MonteCarlo : noise.Plain;
        double tail = (1 - _options.Level) / 2;
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<double> passes = values.AsSpan(row * _passes, _passes);
            writer.WriteNumber(
                batch, row, means[row], Math.Sqrt(variances[row]), deviation,
                GaussianMixture.Quantile(passes, deviation, tail), GaussianMixture.Quantile(passes, deviation, 1 - tail));
        }
    }

    private void Run(RowBatch batch, Tensor features, MonteCarlo.TakePass take)
    {
        if (_model.Network.HasDropout)
        {
            MonteCarlo.Run(_model.Network, features, new TrialKeys(_options.Seed).MonteCarlo, _passes, take, batch.FirstRow);
        }
        else
        {
            take(NetworkOutputs.Compute(_model.Network, features));
        }
    }
}
