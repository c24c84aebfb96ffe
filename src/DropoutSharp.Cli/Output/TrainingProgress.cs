using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Cli.Output;

/// <summary>Shows how a comparison goes on while it runs.</summary>
internal static class TrainingProgress
{
    /// <summary>Runs some work and shows its progress: a bar on a terminal, plain lines elsewhere.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="error">Where plain lines go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="work">The work; told where to report.</param>
    /// <param name="everyEpoch">Whether every epoch has a plain line of its own.</param>
    public static T Show<T>(TextWriter error, TimeProvider time, Func<IProgress<ComparisonProgress>, T> work, bool everyEpoch = false) =>
        Console.IsErrorRedirected || error != Console.Error
            ? work(new ProgressLines(error, time, everyEpoch))
            : ProgressBar.Show(work);

    /// <summary>What is trained, such as <c>Dropout 0.3, seed 2</c>.</summary>
    /// <param name="progress">Where the comparison stands.</param>
    public static string What(ComparisonProgress progress) =>
        $"{progress.Name}{(progress.DropRate > 0 ? " " + ComparisonView.Rate(progress.DropRate) : string.Empty)}, seed {progress.Seed}";

    /// <summary>How long it will still take, such as <c>about 1 min 20 s left</c>; empty where nothing is known.</summary>
    /// <param name="progress">Where the comparison stands.</param>
    public static string Left(ComparisonProgress progress) =>
        progress.Remaining is { Ticks: > 0 } remaining && progress.FinishedTrials < progress.Trials ? $"about {Whole(Math.Max(1, remaining.TotalSeconds))} left" : string.Empty;

    private static string Whole(double seconds) => seconds < 10 ? $"{Math.Round(seconds)} s" : ReportText.Seconds(seconds);
}
