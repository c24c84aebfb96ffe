using System.CommandLine;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Prediction;
using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout predict</c>: rows with predictions that say how sure they are.</summary>
internal static class PredictCommand
{
    private static readonly (string Name, OutputFormat Format)[] Formats =
        [("csv", OutputFormat.Csv), ("jsonl", OutputFormat.JsonLines), ("parquet", OutputFormat.Parquet)];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "predict",
            "Predicts rows with a saved model, as a stream: the prediction, the probability or mean, how much of the doubt is the model's (epistemic) and how much the data's (aleatoric), and an interval.",
            "dropout predict models/houses new-houses.csv",
            "dropout predict runs/houses-20250131-142501 new-houses.parquet --interval 0.95 --output predictions.parquet",
            "dropout predict models/digits new-digits.csv --interval 0.95 --abstain 0.1");
        Argument<string> model = new("MODEL") { Description = "The folder of a model, or of a run of dropout compare." };
        Argument<string> data = new("DATA") { Description = "Rows with the columns that the model was trained on; whatever dropout train reads. 'digits': those that come with the program." };
        Option<string?> output = new("--output") { Description = "The file to write; its name ends in .csv, .jsonl or .parquet. Without it: stdout.", HelpName = "FILE" };
        Option<string?> format = ChoiceOption.Create("--format", "How the rows are written", "as the file's name says, csv on stdout", [.. Formats.Select(static each => each.Name)]);
        Option<double?> interval = NumberOption.CreateOptional<double>("--interval", "The probability with which an interval holds the target, or a set of classes the true one, whatever the model believes", "0.9 for numbers, no sets for classes", 0, 1, open: true);
        Option<double?> abstain = NumberOption.CreateOptional<double>("--abstain", "Leave out the rows that the model is least sure of, this share of them on average; without a number each row whose set is not of one class", "every row is answered", 0, 1, open: true);
        abstain.Arity = ArgumentArity.ZeroOrOne;
        Option<int?> passes = NumberOption.CreateOptional<int>("--passes", "Monte-Carlo passes; more of them, less noise in what is said of the doubt", $"as many as the model was calibrated with, mostly {PredictorOptions.DefaultPasses}", 1, 1_000_000);
        Option<bool> probabilities = new("--probabilities") { Description = "Write the probability of every class." };
        Option<IReadOnlyList<string>?> keep = ListOption.Create("--keep", $"Columns of DATA to carry along; '{RowStreamOptions.AllColumns}' for all", "the model's keys, which only tell rows apart", "COLUMN");
        Option<ulong> seed = CommonOptions.Seed("Decides the masks of the passes");

        command.Arguments.Add(model);
        command.Arguments.Add(data);
        Option[] options = [output, format, interval, abstain, passes, probabilities, keep, seed];
        Array.ForEach(options, command.Options.Add);

        command.Handle((parsed, context) =>
        {
            string? file = parsed.GetValue(output);
            OutputFormat shape = FindFormat(file, parsed.GetValue(format));
            using Model loaded = ModelFolder.Load(ModelPath.Find(parsed.GetRequiredValue(model)));
            double? share = parsed.GetValue(abstain);
            Predictor predictor = new(loaded, new()
            {
                Passes = parsed.GetValue(passes),
                Level = parsed.GetValue(interval),
                AbstainedShare = share,
                AbstainsUnlessSingle = share is null && parsed.GetResult(abstain) is not null,
                Seed = parsed.GetValue(seed),
            });
            if (parsed.GetValue(DropoutProgram.Verbose) && predictor.Execution is { } execution)
            {
                context.Error.WriteLine($"Monte-Carlo passes: {execution}.");
            }

            if (predictor.Note is not null)
            {
                context.Error.WriteLine(predictor.Note);
            }

            using RowStream rows = RowStream.Open(
                parsed.GetRequiredValue(data), loaded.Description.Encoder, new() { BatchRows = predictor.BatchRows, Keep = parsed.GetValue(keep) ?? [] });
            PredictionWriterOptions columns = new() { WithProbabilities = parsed.GetValue(probabilities), WithIntervals = predictor.Level is not null, WithAbstentions = predictor.MayAbstain };
            using Stream? stdout = file is null ? Console.OpenStandardOutput() : null;
            using PredictionWriter writer = file is null ? PredictionWriter.Create(stdout!, shape, rows, columns) : PredictionWriter.Create(file, rows, columns);
            long count = predictor.Predict(rows, writer, Counter(context, isStdoutFree: file is not null || Console.IsOutputRedirected), context.Cancellation);
            writer.Complete();
            if (predictor.MayAbstain)
            {
                context.Error.WriteLine($"Abstained from {ReportText.Count(predictor.AbstainedRows)} of {ReportText.Count(count, "row")}.");
            }

            if (file is not null)
            {
                context.Error.WriteLine($"{ReportText.Count(count, "row")} predicted: {file}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static OutputFormat FindFormat(string? file, string? name)
    {
        OutputFormat? asked = name is null ? null : Formats.First(each => each.Name == name).Format;
        if (file is null)
        {
            return asked ?? OutputFormat.Csv;
        }

        OutputFormat said = TableWriter.FormatOf(file);
        return asked is null || asked == said
            ? said
            : throw new UserErrorException($"--format must be what the file's name says; received {name} and '{file}'.");
    }

    /// <summary>Counts on the terminal, where somebody looks at it and the rows go elsewhere.</summary>
    private static Action<long>? Counter(CommandContext context, bool isStdoutFree) => !isStdoutFree || Console.IsErrorRedirected || context.Error != Console.Error
        ? null
        : count => context.Error.Write($"\r{ReportText.Count(count)} rows \r");
}
