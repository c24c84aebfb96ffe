using System.CommandLine;
using DropoutSharp.Cli.Comparing;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Networks;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout compare</c>: which dropout, at what rate, and what it gains.</summary>
internal static class CompareCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "compare",
            "Trains the same network without dropout and with each variant, over several rates and seeds, judges them on held-out rows and says which to use. Everything goes to a folder with a report to open in a browser.",
            "dropout compare",
            "dropout compare houses.csv --target price --rates 0.1,0.3,0.5 --seeds 10",
            "dropout compare --network transformer --variants all --seeds 2",
            "dropout compare --resume runs/houses-20250131-142501");
        ComparisonOptions defaults = new();
        DataOptions data = new();
        LearningOptions learning = new();
        Option<IReadOnlyList<string>?> variants = ListOption.Create("--variants", $"Variants to compare with none: {string.Join(", ", VariantCatalog.All.Skip(1).Select(static variant => variant.Id))}; or {VariantCatalog.AllId} that suit the network", WithoutVariants(), "NAME");
        Option<IReadOnlyList<double>?> rates = NumberOption.CreateList<double>("--rates", "Drop rates to try", "each variant's own", 0, 1, open: true);
        Option<int> seeds = NumberOption.Create("--seeds", "Trainings of every variant and rate; more of them tell smaller gains from luck", defaults.Seeds.Count, 1, 10_000);
        Option<ulong> seed = CommonOptions.Seed("Decides which rows are held out, and with the numbers after it the trainings: the same seed gives the same result", 1);
        Option<int> passes = NumberOption.Create("--mc-passes", "Passes of the Monte-Carlo mean", defaults.MonteCarloPasses, 1, 1_000_000);
        Option<string?> rankBy = ChoiceOption.Create("--rank-by", "The score that chooses and judges", "nll", "nll", "accuracy", "brier", "rmse", "crps", "ece", "mc_nll", "mc_accuracy", "mc_brier", "mc_rmse", "mc_crps", "mc_ece");
        Option<double> level = NumberOption.Create("--confidence", "Confidence level of intervals and of the answer", defaults.ConfidenceLevel, 0, 1, open: true);
        Option<int?> workers = NumberOption.CreateOptional<int>("--workers", "Trainings that run at the same time; results do not depend on it", "the processors divided by --threads", 1, 1024);
        Option<string?> output = new("--output") { Description = "Folder for everything that the run writes. Without it: a new one below runs/.", HelpName = "DIR" };
        Option<string?> resume = new("--resume") { Description = "Goes on with the run of this folder, with its data and options.", HelpName = "DIR" };
        Option<bool> json = CommonOptions.Json("one object with the data and an entry a variant and rate");

        data.AddTo(command);
        Option[] own = [variants, rates, seeds, seed, passes, rankBy, level];
        Array.ForEach(own, command.Options.Add);
        learning.AddTo(command);
        Option[] last = [workers, output, resume, json];
        Array.ForEach(last, command.Options.Add);

        command.Handle((parsed, context) =>
        {
            ComparisonSession session = new(context, parsed.GetValue(json));
            if (parsed.GetValue(resume) is { } folder)
            {
                RefuseOthers(parsed, command, resume, json, workers, DropoutProgram.Verbose);
                return session.Resume(folder, parsed.GetValue(workers));
            }

            ulong first = parsed.GetValue(seed);
            ComparisonOptions options = new()
            {
                Variants = parsed.GetValue(variants),
                Rates = parsed.GetValue(rates),
                Seeds = [.. Enumerable.Range(0, parsed.GetValue(seeds)).Select(i => first + (ulong)i)],
                Network = learning.Network(parsed),
                Training = learning.Training(parsed),
                MonteCarloPasses = parsed.GetValue(passes),
                RankedBy = parsed.GetValue(rankBy),
                ConfidenceLevel = parsed.GetValue(level),
                Workers = parsed.GetValue(workers),
            };
            return session.Start(new RunSource(data.Path(parsed), data.Read(parsed, first)), options, parsed.GetValue(output));
        });
        return command;
    }

    private static string WithoutVariants()
    {
        string[] onRequest = [.. VariantCatalog.All.Where(static variant => !variant.IsTriedByDefault).Select(static variant => variant.Id)];
        return "all that suit the network" + (onRequest.Length == 0 ? string.Empty : $", except {string.Join(", ", onRequest)}");
    }

    private static void RefuseOthers(ParseResult parsed, Command command, Option resume, params IReadOnlyList<Option> allowed)
    {
        Symbol? other = command.Arguments.FirstOrDefault(argument => parsed.GetResult(argument) is { Tokens.Count: > 0 })
            ?? (Symbol?)command.Options.FirstOrDefault(option => option != resume && !allowed.Contains(option) && parsed.GetResult(option) is { Implicit: false });
        if (other is not null)
        {
            throw new UserErrorException($"--resume goes on with the run's own data and options; {other.Name} cannot be given with it.");
        }
    }
}
