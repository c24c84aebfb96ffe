using System.Diagnostics;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Comparison;

/// <summary>Counts what is done and tells it, one report at a time.</summary>
internal sealed class ProgressReporter(IProgress<ComparisonProgress>? progress, TrainingOptions training, int trials, int alreadyFinished)
{
    private readonly Lock _reporting = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Dictionary<Trial, int> _epochs = [];
    private int _finishedSince;

    /// <summary>Since the comparison began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public void Epoch(Trial trial, EpochMetrics metrics)
    {
        lock (_reporting)
        {
            _epochs[trial] = metrics.Epoch;
            Report(trial, metrics, null);
        }
    }

    public void Finished(Trial trial, TrialResult result)
    {
        lock (_reporting)
        {
            _epochs.Remove(trial);
            _finishedSince++;
            Report(trial, result.Epochs[^1], result);
        }
    }

    private void Report(Trial trial, EpochMetrics metrics, TrialResult? result)
    {
        double finished = alreadyFinished + _finishedSince + _epochs.Values.Sum(epoch => (double)epoch / training.Epochs!.Value);
        double sinceStart = finished - alreadyFinished;
        progress?.Report(new ComparisonProgress
        {
            Variant = trial.Candidate.Variant.Id,
            Name = trial.Candidate.Variant.Name,
            DropRate = trial.Candidate.DropRate,
            Seed = trial.Seed,
            Epoch = metrics,
            Epochs = training.Epochs!.Value,
            Trial = result,
            FinishedTrials = alreadyFinished + _finishedSince,
            Trials = trials,
            Done = finished / trials,
            Remaining = sinceStart > 0 ? Elapsed * ((trials - finished) / sinceStart) : null,
        });
    }
}
