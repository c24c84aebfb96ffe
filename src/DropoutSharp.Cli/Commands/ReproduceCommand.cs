using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Literature;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout reproduce</c>: tables of the literature, made again beside their published figures.</summary>
internal static class ReproduceCommand
{
    /// <summary>The command with one command a table below it.</summary>
    public static Command Create() => new("reproduce", "Makes tables of the literature again and sets them beside the published figures.")
    {
        CreateUci(),
        ReproduceSparseCommand.Create(),
        ReproduceConcreteCommand.Create(),
        ReproduceGroupsCommand.Create(),
        ReproduceCubicCommand.Create(),
    };

    private static CliCommand CreateUci()
    {
        CliCommand command = new(
            "uci",
            "Monte-Carlo dropout on the UCI regression sets by the protocol of Gal and Ghahramani (2016): RMSE and log-likelihood on the given splits.",
            "dropout reproduce uci --data shared/data/uci",
            "dropout reproduce uci --data shared/data/uci yacht --recipe best --json");
        Argument<string[]> sets = new("SETS")
        {
            Description = $"Which sets: {string.Join(", ", UciFigures.Sets)}; all that are there where none is given.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> data = new("--data")
        {
            Description = "The folder of the sets: data.txt, index_features.txt, index_target.txt, index_train_K.txt and index_test_K.txt in a folder a set.",
            HelpName = "DIR",
            Required = true,
        };
        Option<UciRecipe?> recipe = ChoiceOption.Create<UciRecipe>(
            "--recipe", "Which table: of 2016, with 400 epochs; with 4,000 epochs; with rate and tau searched; or with our own recipe", "paper");
        Option<int> passes = NumberOption.Create("--passes", "Monte-Carlo passes a test row", 1000, 1, 1_000_000);
        Option<int> splits = NumberOption.Create("--splits", "How many splits of each set, 0 for all", 0, 0, null);
        Option<int> threads = NumberOption.Create("--threads", "How many stacks of networks are trained at once", Environment.ProcessorCount, 1, 1024);
        Option<int> repeats = NumberOption.Create("--repeats", "Networks a split whose scores are averaged, in the recipes paper and long", 3, 1, 1000);
        Option<ulong> seed = CommonOptions.Seed("Decides first weights, row orders and masks");
        Option<bool> json = CommonOptions.Json("one object a set");
        command.Arguments.Add(sets);
        foreach (Option option in (Option[])[data, recipe, passes, splits, repeats, threads, seed, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            UciOptions options = new(
                parsed.GetValue(recipe) ?? UciRecipe.Paper, parsed.GetValue(passes), parsed.GetValue(seed), parsed.GetValue(splits), parsed.GetValue(threads),
                parsed.GetValue(repeats));
            TextTable table = new(
                new("set", IsNumber: false), new("RMSE"), new("published"), new("log-likelihood"), new("published"), new("seconds", Importance: 1));
            foreach (UciDataset set in Read(parsed.GetValue(data)!, parsed.GetValue(sets) ?? []))
            {
                WorkProgress progress = new(context.Error, set.Name);
                UciResult result = UciReproduction.Run(set, options, progress.Report, context.Cancellation);
                if (parsed.GetValue(json))
                {
                    JsonOutput.Write(context.Output, result);
                }

                table.Add(
                    result.Set, WithError(result.Rmse, result.RmseSe), Number(result.PublishedRmse), WithError(result.Ll, result.LlSe), Number(result.PublishedLl),
                    result.Seconds.ToString("0", CultureInfo.InvariantCulture));
            }

            if (!parsed.GetValue(json))
            {
                table.Write(context.Output, Screen.Width);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static List<UciDataset> Read(string folder, string[] names)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException($"{folder}: there is no such folder.");
        }

        foreach (string name in names)
        {
            if (!UciFigures.Sets.Contains(name))
            {
                throw new UserErrorException($"Set must be one of {string.Join(", ", UciFigures.Sets)}; received {name}.");
            }

            if (!UciDataset.IsAt(Path.Combine(folder, name)))
            {
                throw new UserErrorException($"{Path.Combine(folder, name)}: expected data.txt and index_train_0.txt; they are not there.");
            }
        }

        string[] chosen = names.Length > 0 ? names : [.. UciFigures.Sets.Where(name => UciDataset.IsAt(Path.Combine(folder, name)))];
        return chosen.Length > 0
            ? [.. chosen.Select(name => UciDataset.Read(Path.Combine(folder, name)))]
            : throw new UserErrorException($"{folder}: expected a folder of {string.Join(", ", UciFigures.Sets)}; found none of them.");
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string WithError(double value, double error) =>
        double.IsNaN(error) ? Number(value) : $"{Number(value)} ± {error.ToString("0.000", CultureInfo.InvariantCulture)}";
}
