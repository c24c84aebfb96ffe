using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Training;
using DropoutSharp.Uncertainty;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Prediction;

/// <summary>Predicts rows with a saved model, a batch at a time, and says how sure each prediction is.</summary>
/// <remarks>
/// <para>With dropout in the model the mean over Monte-Carlo passes is predicted, and their disagreement is the epistemic part. Without, one pass is
/// taken and the epistemic part is 0. The masks of a row depend on the seed and on where it stands in the data, not on the batches.</para>
/// <para>Intervals are split conformal prediction on top, <c>μ ± q·σ</c>, and sets are randomised adaptive prediction sets: whatever the model believes, they hold the truth with the
/// probability asked for, on rows that are exchangeable with those of the model's <see cref="ModelCalibration"/>. Where rows are left out, the others are calibrated
/// by calibration rows that would be answered too.</para>
/// </remarks>
public sealed class Predictor
{
    private const int MostValuesHeld = 1 << 22;
    private const int MostBatchRows = 4096;
    private const ulong SetTag = 0x736574; // "set"

    private readonly Model _model;
    private readonly PredictorOptions _options;
    private readonly TargetEncoder _target;
    private readonly int _passes;
    private readonly double _answeredUpTo = double.PositiveInfinity;
    private readonly ConformalRegression? _intervals;
    private readonly AdaptivePredictionSets? _sets;

    /// <summary>A predictor.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="options">How rows are predicted.</param>
    /// <exception cref="UserErrorException">An option is out of its range, or asks for what the model's calibration does not give.</exception>
    public Predictor(Model model, PredictorOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _model = model;
        _options = options;
        _target = model.Description.Encoder.Target;
        ModelCalibration? calibration = model.Description.Calibration;
        _passes = model.Network.Passes(options.Passes ?? calibration?.Passes ?? PredictorOptions.DefaultPasses);
        BatchRows = Math.Clamp(MostValuesHeld / (_passes * Math.Max(1, _target.Classes.Count)), 1, MostBatchRows);
        if (FindLevel(calibration) is null && options.AbstainedShare is null)
        {
            return;
        }

        calibration = calibration ?? throw new UserErrorException(
            "Intervals, sets and abstaining need a calibrated model; this one is not, as models of older versions are not: train it again, or use dropout calibrate.");
        if (options.AbstainedShare is { } share)
        {
            _answeredUpTo = calibration.AbstentionThreshold(share);
        }

        if (FindLevel(calibration) is { } asked)
        {
            double threshold = calibration.Threshold(asked, _answeredUpTo);
            Level = asked;
            _intervals = IsNumber ? new ConformalRegression(asked, threshold) : null;
            _sets = IsNumber ? null : new AdaptivePredictionSets(asked, threshold, MaskStream.DeriveKey(options.Seed, SetTag));
        }

        Note = model.Network.HasDropout && _passes != calibration.Passes
            ? FormattableString.Invariant($"The model was calibrated with {calibration.Passes} passes; with {_passes} what it promises holds only nearly.")
            : null;
    }

    /// <summary>How many rows a batch should have, so that the passes of one batch fit into memory with ease.</summary>
    public int BatchRows { get; }

    /// <summary>How the passes of a full batch are computed, in one line; null where one pass is taken.</summary>
    public string? Execution => MonteCarlo.Describe(_model.Network, BatchRows, _model.Description.Blueprint.RowShape, _passes);

    /// <summary>The probability with which intervals or sets hold the truth; null where there are none.</summary>
    public double? Level { get; }

    /// <summary>Whether rows may be left out.</summary>
    public bool MayAbstain => _options.AbstainedShare is not null || _options.AbstainsUnlessSingle;

    /// <summary>How many of the rows that were predicted were left out.</summary>
    public long AbstainedRows { get; private set; }

    /// <summary>What should be known of the predictions, in a sentence; null for nothing.</summary>
    public string? Note { get; }

    private bool IsNumber => _target.Task == LearningTask.Regression;

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
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(writer);
        long count = 0;
        foreach (RowBatch batch in rows.ReadBatches())
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Tensor features = tensor(batch.Rows.Features).reshape([batch.Rows.Count, .. batch.Rows.Shape.Select(static size => (long)size)]);
            if (IsNumber)
            {
                PredictNumbers(batch, features, writer);
            }
            else
            {
                PredictClasses(batch, features, writer);
            }

            count += batch.Rows.Count;
            report?.Invoke(count);
        }

        return count;
    }

    private double? FindLevel(ModelCalibration? calibration)
    {
        if (_options.AbstainsUnlessSingle && IsNumber)
        {
            throw new UserErrorException("Abstaining from a number needs a share of rows to leave out, in (0, 1); received none.");
        }

        bool byDefault = _options.AbstainsUnlessSingle || (IsNumber && calibration?.Reaches(PredictorOptions.DefaultLevel, _answeredUpTo) == true);
        return _options.Level ?? (byDefault ? PredictorOptions.DefaultLevel : null);
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
            int[] set = _sets?.Predict(ofRow, batch.FirstRow + row) ?? [];
            bool abstains = Abstains(Math.Max(0, 1 - Largest(ofRow)) > _answeredUpTo || (_options.AbstainsUnlessSingle && set.Length != 1));
            writer.WriteClass(batch, row, ofRow, epistemic[row], aleatoric[row], set, abstains);
        }

        static double Largest(ReadOnlySpan<double> values)
        {
            double most = values[0];
            foreach (double value in values)
            {
                most = Math.Max(most, value);
            }

            return most;
        }
    }

    private void PredictNumbers(RowBatch batch, Tensor features, PredictionWriter writer)
    {
        int count = batch.Rows.Count;
        RegressionMoments moments = new(count);
        double[] ofPass = new double[count];
        Run(batch, features, outputs =>
        {
            for (int row = 0; row < count; row++)
            {
                ofPass[row] = _target.Mean + (_target.Scale * outputs[row]);
            }

            moments.Add<double>(ofPass);
        });
        double[] means = moments.GetMean();
        double[] variances = moments.GetEpistemicVariance();
        NoiseDeviations noise = _model.Description.Noise;
        double deviation = _model.Network.HasPasses ? noise.MonteCarlo : noise.Plain;
        for (int row = 0; row < count; row++)
        {
            double spread = Math.Sqrt(variances[row] + (deviation * deviation));
            PredictionInterval interval = _intervals is not null && spread > 0 && double.IsFinite(spread)
                ? _intervals.Interval(means[row], spread)
                : new PredictionInterval(double.NaN, double.NaN);
            writer.WriteNumber(
                batch, row, means[row], Math.Sqrt(variances[row]), deviation, interval.Lower, interval.Upper, Abstains(spread > _answeredUpTo));
        }
    }

    private bool Abstains(bool abstains)
    {
        AbstainedRows += abstains ? 1 : 0;
        return abstains;
    }

    private void Run(RowBatch batch, Tensor features, MonteCarlo.TakePass take)
    {
        if (_model.Network.HasPasses)
        {
            MonteCarlo.Run(_model.Network, features, new TrialKeys(_options.Seed).MonteCarlo, _passes, take, batch.FirstRow);
        }
        else
        {
            take(NetworkOutputs.Compute(_model.Network, features));
        }
    }
}
