using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Lab.Distillation;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout distill</c>: a few sub-networks instead of many Monte-Carlo passes.</summary>
internal static class DistillCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "distill",
            "Makes a model with dropout into an ensemble of a few of its sub-networks: smaller networks without dropout that together say what many Monte-Carlo passes say. dropout predict and dropout calibrate take it as any model.",
            "dropout distill models/houses houses.csv --output models/houses-8",
            "dropout distill models/houses houses.csv --members 4 --epochs 0 --output models/houses-4",
            "dropout predict models/houses-8 new-houses.csv");
        DistillationOptions defaults = new();
        Argument<string> model = new("MODEL") { Description = "The folder of a model with dropout, or of a run of dropout compare." };
        Argument<string?> data = new("DATA")
        {
            Description = "Rows with the model's columns, best those that it was trained on; targets are not needed. Without it: the embedded digits.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> output = new("--output") { Description = "The folder of the ensemble.", HelpName = "DIR", Required = true };
        Option<int> members = NumberOption.Create("--members", "Sub-networks in the ensemble", defaults.Members, 1, 10_000);
        Option<int> candidates = NumberOption.Create("--candidates", "Sub-networks that they are chosen from", defaults.Candidates, 1, 10_000);
        Option<int> passes = NumberOption.Create("--passes", "Monte-Carlo passes of the mean that they are to say", defaults.TeacherPasses, 1, 1_000_000);
        Option<int> epochs = NumberOption.Create("--epochs", "Epochs in which they learn to; 0 leaves the sub-networks as they are", defaults.Epochs, 0, 100_000);
        Option<double> rate = NumberOption.Create("--learning-rate", "Step size of that learning", defaults.LearningRate, 0, 1, open: true);
        Option<ulong> seed = CommonOptions.Seed("Decides the sub-networks, the masks of the passes and which rows judge", defaults.Seed);
        Option<bool> json = CommonOptions.Json("one object");
        command.Arguments.Add(model);
        command.Arguments.Add(data);
        Option[] options = [output, members, candidates, passes, epochs, rate, seed, json];
        Array.ForEach(options, command.Options.Add);
        command.Handle((parsed, context) =>
        {
            using Model loaded = ModelFolder.Load(ModelPath.Find(parsed.GetRequiredValue(model)));
            DistilledModel distilled = Distiller.Run(
                loaded, parsed.GetValue(data), parsed.GetRequiredValue(output),
                new()
                {
                    Members = parsed.GetValue(members),
                    Candidates = Math.Max(parsed.GetValue(candidates), parsed.GetValue(members)),
                    TeacherPasses = parsed.GetValue(passes),
                    Epochs = parsed.GetValue(epochs),
                    LearningRate = parsed.GetValue(rate),
                    Seed = parsed.GetValue(seed),
                },
                context.Cancellation);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, distilled);
            }
            else
            {
                Write(distilled, parsed.GetValue(passes), context.Output);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(DistilledModel distilled, int passes, TextWriter output)
    {
        string what = distilled.Measure == "kl" ? "divergence in nats" : "difference in the target's unit";
        output.WriteLine($"From the mean of {passes} Monte-Carlo passes, on {ReportText.Count(distilled.Rows, "row")} that chose and taught nothing ({what}):");
        Line("one pass, weight scaling", distilled.WeightScaling);
        Line($"the first {distilled.Passes.Count} sub-networks", distilled.FirstMembers);
        Line($"{distilled.Passes.Count} chosen sub-networks", distilled.Chosen);
        Line("what was saved", distilled.Distilled);
        if (distilled.Score is { } score)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{(distilled.Measure == "kl" ? "Accuracy" : "RMSE")} there: {score:0.####}, the Monte-Carlo mean's {distilled.TeacherScore:0.####}."));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{distilled.Parameters:#,0} numbers in {distilled.Passes.Count} sub-networks, {distilled.NetworkParameters:#,0} in the whole network."));
        output.WriteLine($"The ensemble is in {distilled.Folder}. For intervals and sets that hold: dropout calibrate {distilled.Folder} DATA.");

        void Line(string name, double value) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-28} {value:0.#####}"));
    }
}
