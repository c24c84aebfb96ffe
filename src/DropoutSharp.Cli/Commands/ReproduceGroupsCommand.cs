using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Literature;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout reproduce groups</c>: masks that a batch shares beside masks a row.</summary>
internal static class ReproduceGroupsCommand
{
    private static readonly IReadOnlyList<int> StandardGroups = [1, 2, 4, 8, 16, 32];

    /// <summary>The command.</summary>
    public static CliCommand Create()
    {
        CliCommand command = new(
            "groups",
            "Masks that a batch shares (Graham et al. 2015): trains one network with masks for 1, 2, 4, … groups of a batch, with masks a row and without dropout, times the steps, and tests by seed from which number of groups on accuracy cannot be told apart.",
            "dropout reproduce groups --data shared/data/mnist",
            "dropout reproduce groups --data shared/data/mnist --width 1024 --optimizer sgd",
            "dropout reproduce groups --groups 1,8 --seeds 3 --epochs 20 --json");
        MaskGroupsOptions defaults = new(StandardGroups);
        Option<string?> data = new("--data") { Description = "Images or a table of classes, as compare takes them (default: the embedded digits).", HelpName = "PATH" };
        Option<IReadOnlyList<int>?> groups = NumberOption.CreateList<int>("--groups", "Groups of a batch with masks of their own, setting by setting", "1, 2, 4, 8, 16 and 32", 1, 1 << 20);
        Option<int> seeds = NumberOption.Create("--seeds", "Trainings of each setting", defaults.Seeds, 2, 10000);
        Option<int> epochs = NumberOption.Create("--epochs", "How often each row is seen", defaults.Epochs, 1);
        Option<int> batch = NumberOption.Create("--batch-size", "Rows a step", defaults.BatchSize, 1);
        Option<int> width = NumberOption.Create("--width", "Units of each of the two hidden layers", defaults.Width, 1, 65536);
        Option<double> rate = NumberOption.Create("--rate", "The drop rate", defaults.DropRate, 0, 1, open: true);
        Option<MaskGroupsOptimizer?> optimizer = ChoiceOption.Create<MaskGroupsOptimizer>("--optimizer", "What changes the weights", "adam");
        Option<double?> learningRate = NumberOption.CreateOptional<double>("--learning-rate", "The step size at first; it falls to zero", "0.001 with adam, 0.1 with sgd", 0, 10, open: true);
        Option<double> level = NumberOption.Create("--level", "A p value below it tells a setting from masks a row", defaults.Level, 0, 1, open: true);
        Option<double> margin = NumberOption.Create("--margin", "Test errors that differ by less than this share count as equivalent", defaults.Margin, 0, 1, open: true);
        Option<bool> json = CommonOptions.Json("one object a setting");
        foreach (Option option in (Option[])[data, groups, seeds, epochs, batch, width, rate, optimizer, learningRate, level, margin, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            MaskGroupsOptions options = new(
                parsed.GetValue(groups) ?? StandardGroups, parsed.GetValue(seeds), parsed.GetValue(epochs), parsed.GetValue(batch), parsed.GetValue(width), parsed.GetValue(rate),
                parsed.GetValue(optimizer) ?? defaults.Optimizer, parsed.GetValue(learningRate), parsed.GetValue(level), parsed.GetValue(margin));
            PreparedData prepared = DataPreparation.Prepare(parsed.GetValue(data), new DatasetOptions { ValidationShare = 0.01 });
            if (prepared.Train.Count < options.BatchSize)
            {
                throw new UserErrorException($"Rows a step must be at most the {prepared.Train.Count} training rows; received {options.BatchSize}.");
            }

            IReadOnlyList<MaskGroupsResult> results = MaskGroups.Run(
                prepared, options,
                (count, seed, error) => context.Error.WriteLine($"Seed {seed + 1} of {options.Seeds}, {Name(count)}: test error {Percent(error)}"),
                context.Cancellation);
            if (parsed.GetValue(json))
            {
                foreach (MaskGroupsResult result in results)
                {
                    JsonOutput.Write(context.Output, result);
                }

                return ExitCode.Success;
            }

            Write(context.Output, results, options);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(TextWriter output, IReadOnlyList<MaskGroupsResult> results, MaskGroupsOptions options)
    {
        TextTable table = new(
            new("masks for", IsNumber: false), new("test error"), new("NLL"), new("difference"), new("95 % interval", Importance: 2), new("p, error"), new("p, NLL"), new("p, equivalent"), new("ms a step"),
            new("of no dropout"));
        double ofNone = results.First(static result => result.Groups == MaskGroups.NoDropout).StepMilliseconds;
        foreach (MaskGroupsResult result in results)
        {
            bool isRows = result.Groups == MaskGroups.EveryRow;
            table.Add(
                Name(result.Groups), Percent(result.TestError), Number(result.NegativeLogLikelihood, "0.0000"), isRows ? "" : Percent(result.ErrorDifference),
                isRows ? "" : $"{Percent(result.ErrorLow)} to {Percent(result.ErrorHigh)}", PValue(result.ErrorP), PValue(result.LikelihoodP), PValue(result.EquivalenceP),
                Number(result.StepMilliseconds, "0.00"), Number(result.StepMilliseconds / ofNone, "0.00"));
        }

        table.Write(output, Screen.Width);
        output.WriteLine();
        string level = $"at the level {Number(options.Level, "0.###")} over {options.Seeds} seeds", margin = $"{Number(100 * options.Margin, "0.###")} points";
        output.WriteLine(MaskGroups.IndistinguishableFrom(results) is int least
            ? $"From {Name(least)} on, no setting is told from masks a row {level}."
            : $"Every number of groups is told from masks a row {level}.");
        output.WriteLine(MaskGroups.EquivalentFrom(results) is int equal
            ? $"From {Name(equal)} on, the test error differs from that of masks a row by less than {margin} {level}."
            : $"No number of groups is shown to differ from masks a row by less than {margin} {level}.");
    }

    private static string Name(int groups) => groups switch
    {
        MaskGroups.NoDropout => "no dropout",
        MaskGroups.EveryRow => "every row",
        1 => "the batch",
        _ => $"{groups} groups",
    };

    private static string Number(double value, string format) => double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);

    private static string PValue(double value) => value < 0.001 ? "<0.001" : Number(value, "0.000");

    private static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture) + " %";
}
