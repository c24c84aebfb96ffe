using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Prediction;
using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout calibrate</c>: what the intervals, sets and abstentions of a saved model go by, from rows of the user's own.</summary>
internal static class CalibrateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "calibrate",
            "Calibrates a saved model on rows that it was not trained on, so that its intervals and sets hold what they say: where rows have changed since its training, where there are more of them, or where the model was changed.",
            "dropout calibrate models/houses sold-last-month.csv",
            "dropout calibrate models/houses sold-last-month.csv --passes 200 --output models/houses-new");
        Argument<string> model = new("MODEL") { Description = "The folder of a model, or of a run of dropout compare." };
        Argument<string> data = new("DATA") { Description = "Rows with targets that the model was not trained on; whatever dropout train reads. Of data with a test part that part." };
        Option<int> passes = NumberOption.Create("--passes", "Monte-Carlo passes, which dropout predict then takes too", PredictorOptions.DefaultPasses, 1, 1_000_000);
        Option<ulong> seed = CommonOptions.Seed("Decides masks, and the random parts of sets");
        Option<string?> output = new("--output") { Description = "The folder to save the calibrated model to. Without it: its own.", HelpName = "DIR" };
        command.Arguments.Add(model);
        command.Arguments.Add(data);
        Option[] options = [passes, seed, output];
        Array.ForEach(options, command.Options.Add);
        command.Handle((parsed, context) =>
        {
            string folder = ModelPath.Find(parsed.GetRequiredValue(model));
            using Model loaded = ModelFolder.Load(folder);
            ModelCalibration calibration = ModelCalibrator.Run(loaded, parsed.GetRequiredValue(data), parsed.GetValue(passes), parsed.GetValue(seed));
            string destination = parsed.GetValue(output) ?? folder;
            ModelFolder.Save(destination, loaded.Description with { Calibration = calibration }, loaded.Network);
            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Calibrated on {ReportText.Count(calibration.Rows, "row")} with {ReportText.Count(calibration.Passes)} {(calibration.Passes == 1 ? "pass" : "passes")}: intervals and sets up to a level of {Math.Floor(1e4 * calibration.Rows / (calibration.Rows + 1)) / 1e4}. Model: {destination}."));
            return ExitCode.Success;
        });
        return command;
    }
}
