using System.Globalization;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Cli.Output;

/// <summary>Progress as plain lines: one a finished training, and now and then one where a training is long.</summary>
/// <param name="error">Where to.</param>
/// <param name="time">The clock.</param>
/// <param name="everyEpoch">Whether every epoch has a line.</param>
internal sealed class ProgressLines(TextWriter error, TimeProvider time, bool everyEpoch = false) : IProgress<ComparisonProgress>
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);
    private long _last = time.GetTimestamp();

    /// <inheritdoc/>
    public void Report(ComparisonProgress value)
    {
        if (!everyEpoch && value.Trial is null && time.GetElapsedTime(_last) < Silence)
        {
            return;
        }

        _last = time.GetTimestamp();
        string left = TrainingProgress.Left(value);
        string loss = value.Epoch.ValidationLoss.ToString("0.0000", CultureInfo.InvariantCulture);
        string what = value.Trial is { } trial
            ? $"done in {ReportText.Seconds(trial.Seconds)}, best epoch {trial.BestEpoch} of {trial.Epochs.Count}"
            : $"epoch {value.Epoch.Epoch}/{value.Epochs}, validation loss {loss}";
        error.WriteLine($"[{value.FinishedTrials}/{value.Trials}] {TrainingProgress.What(value)}: {what}{(left.Length == 0 ? string.Empty : $"; {left}")}");
    }
}
