using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab.Literature;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout reproduce concrete</c>: learned rates and spreads against the number of rows.</summary>
internal static class ReproduceConcreteCommand
{
    /// <summary>The command.</summary>
    public static CliCommand Create()
    {
        CliCommand command = new(
            "concrete",
            "Concrete dropout's toy (Gal et al. 2017), y = 2x + 8 + N(0, 1): learned rates, epistemic and aleatoric spread from more and more rows.",
            "dropout reproduce concrete",
            "dropout reproduce concrete --rows 10,100,1000 --json",
            "dropout reproduce concrete --picture rates.svg");
        Option<IReadOnlyList<int>?> rows = NumberOption.CreateList<int>("--rows", "Numbers of rows", "10,100,1000,10000", 2, 1_000_000);
        Option<int> steps = NumberOption.Create("--steps", "Training steps for each number of rows", 6000, 1);
        Option<ulong> seed = CommonOptions.Seed("Decides data, first weights and noise");
        Option<string?> picture = PictureOption.Create("the rates in the course of training");
        Option<bool> json = CommonOptions.Json("one object a number of rows");
        foreach (Option option in (Option[])[rows, steps, seed, picture, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            TextTable table = new(new("rows"), new("drop rates", IsNumber: false), new("epistemic"), new("aleatoric"), new("error of the mean"), new("seconds", Importance: 1));
            List<ConcreteToyResult> results = [];
            foreach (int count in parsed.GetValue(rows) ?? [10, 100, 1000, 10000])
            {
                ConcreteToyResult result = ConcreteToy.Run(count, parsed.GetValue(steps), parsed.GetValue(seed), context.Cancellation);
                results.Add(result);
                if (parsed.GetValue(json))
                {
                    JsonOutput.Write(context.Output, result);
                }

                table.Add(
                    count.ToString(CultureInfo.InvariantCulture), string.Join(" ", result.Rates.Select(Number)), Number(result.Epistemic), Number(result.Aleatoric),
                    Number(result.Rmse), result.Seconds.ToString("0", CultureInfo.InvariantCulture));
            }

            PictureOption.Save(parsed.GetValue(picture), () => ToyPictures.ConcreteRates(results, parsed.GetValue(steps)));
            if (!parsed.GetValue(json))
            {
                table.Write(context.Output, Screen.Width);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
