using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab.Literature;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout reproduce cubic</c>: a band that widens away from the data.</summary>
internal static class ReproduceCubicCommand
{
    /// <summary>The command.</summary>
    public static CliCommand Create()
    {
        CliCommand command = new(
            "cubic",
            "The toy of Hernández-Lobato and Adams (2015), y = x³ + N(0, 9) from 20 points in [−4, 4], with Monte-Carlo dropout: how much less sure it is where it saw nothing.",
            "dropout reproduce cubic",
            "dropout reproduce cubic --picture cubic.svg");
        Option<int> steps = NumberOption.Create("--steps", "Training steps over all points", 4000, 1);
        Option<int> passes = NumberOption.Create("--passes", "Monte-Carlo passes", 200, 2, 1_000_000);
        Option<ulong> seed = CommonOptions.Seed("Decides points, first weights and masks");
        Option<string?> picture = PictureOption.Create("points, mean and band");
        Option<bool> json = CommonOptions.Json("one object");
        foreach (Option option in (Option[])[steps, passes, seed, picture, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            CubicToyResult result = CubicToy.Run(parsed.GetValue(steps), parsed.GetValue(passes), parsed.GetValue(seed), context.Cancellation);
            PictureOption.Save(parsed.GetValue(picture), () => ToyPictures.Cubic(result));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, result);
                return ExitCode.Success;
            }

            TextTable table = new(new("x"), new("mean"), new("x³"), new("epistemic"), new("with noise"));
            for (int i = 0; i < result.Grid.Count; i += 10)
            {
                double x = result.Grid[i];
                table.Add(Number(x), Number(result.Mean[i]), Number(x * x * x), Number(result.Epistemic[i]), Number(result.Total[i]));
            }

            table.Write(context.Output, Screen.Width);
            context.Output.WriteLine();
            context.Output.WriteLine($"Mean epistemic standard deviation {Number(result.EpistemicInside)} where points lie, {Number(result.EpistemicOutside)} beyond.");
            return ExitCode.Success;
        });
        return command;
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
