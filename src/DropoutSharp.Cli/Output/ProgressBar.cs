using DropoutSharp.Lab.Comparison;
using Spectre.Console;

namespace DropoutSharp.Cli.Output;

/// <summary>Progress as a bar on the terminal's error stream.</summary>
internal static class ProgressBar
{
    /// <summary>Runs some work below a bar.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="work">The work; told where to report.</param>
    public static T Show<T>(Func<IProgress<ComparisonProgress>, T> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context => work(new Bar(context.AddTask("starting", maxValue: 1))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value)
        {
            task.Value = value.Done;
            string epoch = value.Trial is null ? $" epoch {value.Epoch.Epoch}/{value.Epochs}" : " done";
            task.Description = Markup.Escape($"{value.FinishedTrials}/{value.Trials} {TrainingProgress.What(value)}{epoch}  {TrainingProgress.Left(value)}");
        }
    }
}
