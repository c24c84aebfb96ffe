using System.CommandLine;
using System.Text;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Cli.Output;
using DropoutSharp.Lab.UncertaintyQuality;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout uq</c>: how good a model's uncertainty is.</summary>
internal static class UncertaintyCommand
{
    private const string DefaultFile = "runs/uq.html";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "uq",
            "How good is a model's uncertainty: calibration, coverage, what abstaining gains, foreign data, and for how many Monte-Carlo passes it pays.",
            "dropout uq runs/digits/model test.csv",
            "dropout uq model shared/data/mnist --ood shared/data/notmnist --passes 50");
        QualityOptions defaults = new();
        Argument<string> model = new("MODEL") { Description = "The folder of a model, or of a run of dropout compare." };
        Argument<string?> data = new("DATA")
        {
            Description = "Rows with targets that the model was not trained on, as compare takes them; of data with a test part that part. Without it: the embedded digits.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> foreign = new("--ood") { Description = "Rows of another distribution, which the model should find foreign; no targets are needed.", HelpName = "DATA" };
        Option<int> passes = NumberOption.Create("--passes", "Monte-Carlo passes", defaults.Passes, 1, 1_000_000);
        Option<int> rows = NumberOption.Create("--rows", "The most rows of each data set, 0 for all", 0, 0, null);
        Option<IReadOnlyList<double>?> levels = NumberOption.CreateList<double>("--levels", "Levels of coverage", "0.5,0.8,0.9,0.95", 0.0, 1.0, open: true);
        Option<int?> bins = NumberOption.CreateOptional<int>("--bins", "Bins of the calibration errors, at most as many as rows; for numbers the levels of central intervals", "15, and 19 levels", 1);
        Option<double?> precision = NumberOption.CreateOptional<double>("--tau", "The noise precision of a number, in one over its unit squared", "the noise that the validation rows of the training showed", 0, null, open: true);
        Option<ulong> seed = CommonOptions.Seed("Decides masks, and which rows calibrate");
        Option<string> output = new("--output") { Description = $"The page to write (default: {DefaultFile}).", HelpName = "FILE", DefaultValueFactory = static _ => DefaultFile };
        Option<string?> pictures = new("--pictures") { Description = "Write the page's pictures as SVG files to this folder too.", HelpName = "DIR" };
        Option<bool> json = CommonOptions.Json("one object");
        command.Arguments.Add(model);
        command.Arguments.Add(data);
        foreach (Option option in (Option[])[foreign, passes, rows, levels, bins, precision, seed, output, pictures, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            QualityResult result = UncertaintyAssessment.Run(
                ModelPath.Find(parsed.GetRequiredValue(model)), parsed.GetValue(data), parsed.GetValue(foreign),
                new QualityOptions
                {
                    Passes = parsed.GetValue(passes),
                    Rows = parsed.GetValue(rows),
                    Levels = parsed.GetValue(levels) ?? defaults.Levels,
                    Bins = parsed.GetValue(bins),
                    Precision = parsed.GetValue(precision),
                    Seed = parsed.GetValue(seed),
                },
                context.Cancellation);
            if (result.Warning is not null)
            {
                context.Error.WriteLine(result.Warning);
            }

            if (parsed.GetValue(DropoutProgram.Verbose) && result.Execution is { } execution)
            {
                context.Error.WriteLine($"Monte-Carlo passes: {execution}.");
            }

            string page = parsed.GetValue(output)!;
            Save(page, QualityPage.Render(result));
            if (parsed.GetValue(pictures) is { } folder)
            {
                foreach ((string name, string picture) in QualityPage.Pictures(result))
                {
                    PictureOption.Save(Path.Combine(folder, $"{name}.svg"), () => picture);
                }
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, result);
            }
            else
            {
                Write(result, context.Output);
                context.Output.WriteLine($"The pictures are in {page}.");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Save(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string temporary = path + ".partial";
        File.WriteAllText(temporary, text, new UTF8Encoding(false));
        File.Move(temporary, path, overwrite: true);
    }

    private static void Write(QualityResult result, TextWriter output)
    {
        foreach (string line in Screen.Wrap(QualityText.Answer(result), Screen.Width))
        {
            output.WriteLine(line);
        }

        output.WriteLine();
        TextTable scores = new(new("score", IsNumber: false), new("weight scaling"), new("Monte Carlo"));
        foreach ((string name, double value) in result.Plain)
        {
            scores.Add(QualityText.Score(name), QualityText.Number(value), QualityText.Number(result.MonteCarlo[name]));
        }

        scores.Write(output, Screen.Width);
        output.WriteLine();
        string size = QualityText.Size(result);
        TextTable coverage = new(new("level"), new("own coverage"), new($"own {size}"), new("conformal coverage"), new($"conformal {size}"));
        foreach (LevelCoverage level in result.Coverage)
        {
            coverage.Add(
                QualityText.Percent(level.Level), QualityText.Percent(level.Own), QualityText.Number(level.OwnSize),
                level.Conformal is { } share ? QualityText.Percent(share) + QualityText.Chance(level) : $"needs {level.RowsNeeded} rows", level.ConformalSize is { } wide ? QualityText.Number(wide) : "");
        }

        coverage.Write(output, Screen.Width);
        output.WriteLine();
        if (result.ForeignData is not null)
        {
            TextTable foreign = new(new($"{result.ForeignData} told apart by", IsNumber: false), new("AUROC"), new("FPR95"));
            foreach (Detection detection in result.Foreign)
            {
                foreign.Add(QualityText.Score(detection.Uncertainty), QualityText.Number(detection.Auroc), QualityText.Number(detection.Fpr95));
            }

            foreign.Write(output, Screen.Width);
            output.WriteLine();
        }
    }
}
