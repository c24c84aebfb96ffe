using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Comparing;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Reports;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout train</c>: one variant at one rate, saved for <c>dropout predict</c>.</summary>
internal static class TrainCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "train",
            "Trains one network with one variant at one rate, judges it on held-out rows and saves it for dropout predict.",
            "dropout train",
            "dropout train houses.csv --target price --variant dropout --rate 0.1 --output models/houses");
        ModelTrainingOptions defaults = new();
        DataOptions data = new();
        LearningOptions learning = new();
        Option<string?> variant = ChoiceOption.Create("--variant", "The variant", defaults.Variant, [.. VariantCatalog.All.Select(static each => each.Id)]);
        Option<double> rate = NumberOption.Create("--rate", "Drop rate; below 1", defaults.DropRate, 0, 1);
        Option<ulong> seed = CommonOptions.Seed("Decides which rows are held out, the first weights, the order of the rows and the masks", defaults.Seed);
        Option<int> passes = NumberOption.Create("--mc-passes", "Passes of the Monte-Carlo mean by which it is judged", defaults.MonteCarloPasses, 1, 1_000_000);
        Option<string?> output = new("--output") { Description = "The model's folder; a model in it is replaced. Without it: a new one below models/.", HelpName = "DIR" };
        Option<string?> picture = PictureOption.Create("the learned drop rates, epoch by epoch,");
        Option<bool> json = CommonOptions.Json("one object with the data, every score and the metrics of every epoch");

        data.AddTo(command);
        Option[] own = [variant, rate, seed, passes];
        Array.ForEach(own, command.Options.Add);
        learning.AddTo(command);
        command.Options.Add(output);
        command.Options.Add(picture);
        command.Options.Add(json);

        command.Handle((parsed, context) =>
        {
            ModelTrainingOptions options = new()
            {
                Variant = parsed.GetValue(variant) ?? defaults.Variant,
                DropRate = parsed.GetValue(rate),
                Seed = parsed.GetValue(seed),
                Network = learning.Network(parsed),
                Training = learning.Training(parsed),
                MonteCarloPasses = parsed.GetValue(passes),
            };
            options.Check();
            if (parsed.GetValue(picture) is not null && !VariantCatalog.Find(options.Variant).LearnsRates)
            {
                throw new UserErrorException(
                    $"--picture needs a variant that learns its rates, {string.Join(", ", VariantCatalog.All.Where(static each => each.LearnsRates).Select(static each => each.Id))}; received {options.Variant}.");
            }

            string? folder = parsed.GetValue(output);
            CheckFolder(folder);
            PreparedData prepared = DataPreparation.Prepare(data.Path(parsed), data.Read(parsed, options.Seed));
            folder ??= RunFolderName.Create("models", prepared.Name, context.Time, Path.Exists);
            ModelTrainingOptions resolved = options with { Training = options.Training.ResolveFor(prepared.Train.Count, prepared.IsImage) };
            ModelTrainingResult result = TrainingProgress.Show(
                context.Error, context.Time, progress => ModelTraining.Run(prepared, resolved, folder, new Reporter(progress, resolved, context.Time).Report, context.Cancellation),
                everyEpoch: true);
            PictureOption.Save(parsed.GetValue(picture), () => LearnedRatesChart.Create(
                result.Name, [.. result.LearnedRates.Select(static rate => rate.Site)], [result.Epochs])!.RenderFile());
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, Json.Of(prepared, result, Path.GetFullPath(folder)));
            }
            else
            {
                Write(context.Output, result, prepared, folder);
            }

            return result.Complete ? ExitCode.Success : context.StoppedExitCode;
        });
        return command;
    }

    private static void CheckFolder(string? folder)
    {
        if (folder is not null
            && (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, ModelFolder.DescriptionName)))))
        {
            throw new UserErrorException($"Model folder must be new, empty or hold a model; '{folder}' holds something else.");
        }
    }

    private static void Write(TextWriter output, ModelTrainingResult result, PreparedData data, string folder)
    {
        output.WriteLine($"{result.Name}{(result.DropRate > 0 ? $" at rate {ComparisonView.Rate(result.DropRate)}" : string.Empty)}: {result.Network.Description}, {ReportText.Count(result.Network.Parameters, "parameter")}");
        output.WriteLine($"{(result.Complete ? "Trained in" : "Stopped after")} {ReportText.Seconds(result.Seconds)}; the weights of epoch {result.BestEpoch} of {result.Epochs.Count} were kept.");
        output.WriteLine();
        TextTable table = new(new TextTable.Column($"On {ReportText.Count(data.Test.Count, "held-out row")}", IsNumber: false), new("plain"), new("Monte-Carlo mean"));
        foreach (string score in ScoreDescription.Order.Where(result.Scores.ContainsKey))
        {
            ScoreDescription description = ScoreDescription.Of(score, data.Target);
            ScoreFormat format = ScoreFormat.For(description, [new(result.Scores[score], double.NaN, double.NaN, 1)]);
            string sampled = result.Scores.TryGetValue(ScoreDescription.MonteCarloPrefix + score, out double value) ? format.Value(value) : "–";
            table.Add(description.AxisLabel, format.Value(result.Scores[score]), sampled);
        }

        table.Write(output, Screen.Width);
        output.WriteLine();
        if (result.LearnedRates.Count > 0)
        {
            output.WriteLine($"Learned drop rates: {string.Join(", ", result.LearnedRates.Select(rate => string.Create(CultureInfo.InvariantCulture, $"{rate.Site} {rate.DropRate:0.000}")))}.");
        }

        output.WriteLine($"Model: {folder}. Predict with: dropout predict {folder} DATA");
    }

    /// <summary>One training's epochs as the progress of a comparison of one.</summary>
    private sealed class Reporter(IProgress<ComparisonProgress> progress, ModelTrainingOptions options, TimeProvider time)
    {
        private readonly long _start = time.GetTimestamp();
        private readonly Variant _variant = VariantCatalog.Find(options.Variant);

        public void Report(EpochMetrics epoch) => progress.Report(new()
        {
            Variant = _variant.Id,
            Name = _variant.Name,
            DropRate = _variant.IsNone ? 0 : options.DropRate,
            Seed = options.Seed,
            Epoch = epoch,
            Epochs = options.Training.Epochs!.Value,
            FinishedTrials = 0,
            Trials = 1,
            Done = (double)epoch.Epoch / options.Training.Epochs!.Value,
            Remaining = time.GetElapsedTime(_start) * ((double)(options.Training.Epochs!.Value - epoch.Epoch) / epoch.Epoch),
        });
    }

    private sealed record Json(
        DataSummary Data, NetworkSummary Network, string Variant, string Name, double DropRate, int BestEpoch, bool Complete, double Seconds,
        IReadOnlyDictionary<string, double> Scores, IReadOnlyList<LearnedRate> LearnedRates, IReadOnlyList<EpochMetrics> Epochs, string Model)
    {
        public static Json Of(PreparedData data, ModelTrainingResult result, string folder) => new(
            new(data.Name, data.Task.ToString().ToLowerInvariant(), data.Target, data.Classes, data.Train.Count, data.Validation.Count, data.Test.Count, data.Train.Shape, data.Notes),
            result.Network, result.Variant, result.Name, result.DropRate, result.BestEpoch, result.Complete, result.Seconds, result.Scores, result.LearnedRates, result.Epochs, folder);
    }
}
