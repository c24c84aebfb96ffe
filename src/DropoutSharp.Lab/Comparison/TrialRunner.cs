using System.Runtime.InteropServices;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Comparison;

/// <summary>Trains one candidate with one seed and judges it. Safe to use from several threads.</summary>
internal sealed class TrialRunner : IDisposable
{
    private readonly TensorRows _train;
    private readonly TensorRows _validation;
    private readonly TensorRows _test;
    private readonly Trainer _trainer;
    private readonly Evaluator _evaluator;
    private readonly ComparisonOptions _options;
    private readonly PreparedData _data;
    private readonly Scoring _scoring;

    /// <summary>A runner for a data set.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">What is compared, with nothing left open.</param>
    public TrialRunner(PreparedData data, ComparisonOptions options)
    {
        (_data, _options) = (data, options);
        _scoring = Scoring.Parse(options.RankedBy!, data.Task);
        _train = new TensorRows(data.Train, data.Task);
        _validation = new TensorRows(data.Validation, data.Task);
        _test = new TensorRows(data.Test, data.Task);
        _trainer = new Trainer(_train, _validation, data.Task, data.TargetScale, options.Training);
        _evaluator = new Evaluator(data, _validation, _test, options.MonteCarloPasses);
    }

    /// <summary>The network of a candidate.</summary>
    public NetworkBlueprint Blueprint(Candidate candidate) => new()
    {
        Network = _options.Network,
        RowShape = _data.Train.Shape,
        Outputs = _data.Task == LearningTask.Classification ? _data.Classes.Count : 1,
        Variant = candidate.Variant.Id,
        DropRate = candidate.DropRate,
    };

    /// <summary>Trains; the caller disposes the network.</summary>
    public TrainedNetwork Train(Trial trial, Action<EpochMetrics>? report, CancellationToken cancellation) =>
        _trainer.Train(Blueprint(trial.Candidate), new TrialKeys(trial.Seed), report, cancellation);

    /// <summary>Judges a trained network.</summary>
    public Evaluation Evaluate(Trial trial, TrainedNetwork trained) => _evaluator.Evaluate(trained.Network, new TrialKeys(trial.Seed).MonteCarlo);

    /// <summary>All that is kept of a training.</summary>
    public TrialRecord Record(Trial trial, TrainedNetwork trained, Evaluation evaluation)
    {
        IPredictions ranked = _scoring.IsMonteCarlo ? evaluation.TestPredictions : evaluation.PlainTestPredictions;
        return new TrialRecord
        {
            Result = new TrialResult
            {
                Seed = trial.Seed,
                Seconds = trained.Seconds,
                BestEpoch = trained.BestEpoch,
                Epochs = trained.Epochs,
                Scores = evaluation.Scores,
                LearnedRates = trained.LearnedRates,
                Reliability = evaluation.Reliability,
                MonteCarloReliability = evaluation.MonteCarloReliability,
            },
            Noise = evaluation.Noise,
            RowLossBytes = ranked.RowLosses(_scoring.PlainScore) is { } losses ? [.. MemoryMarshal.AsBytes<float>(losses)] : null,
        };
    }

    public void Dispose()
    {
        _train.Dispose();
        _validation.Dispose();
        _test.Dispose();
    }
}
