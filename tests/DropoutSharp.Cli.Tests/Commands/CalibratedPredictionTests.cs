using System.Globalization;
using System.Text.Json;

namespace DropoutSharp.Cli.Tests.Commands;

/// <summary>Intervals, sets, abstaining, calibration and pruning as a user meets them.</summary>
public sealed class CalibratedPredictionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Predict_IntervalsAndAbstaining_AreWrittenAndCounted()
    {
        WriteLine("table.csv", 600, "abc");
        Run("train table.csv --network mlp --hidden 16 --rate 0.2 --epochs 3 --mc-passes 4 --output model");

        string[] rows = Run("predict model table.csv --interval 0.9 --abstain 0.2 --keep y").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        DropoutProcess.Result single = Run("predict model table.csv --abstain --interval 0.4 --output single.jsonl");

        Assert.Equal("row,y,abstains,prediction,probability,epistemic,aleatoric,set", rows[0]);
        string[][] cells = [.. rows.Skip(1).Select(row => row.Split(','))];
        Assert.All(cells, row => Assert.Equal(row[2] == "true", row[3].Length == 0));

        // The 120 held-out rows of the training calibrated, 97 of them the sets of those that are answered: at least 80 % are answered and sets hold at least what they say, but for
        // 4.5 sigma of as many rows, √(0.16/120) and √(0.09/97).
        Assert.InRange(cells.Average(row => row[2] == "false" ? 1.0 : 0), 0.8 - 0.164, 1);
        Assert.InRange(cells.Where(row => row[2] == "false").Average(row => row[^1].Split('|').Contains(row[1]) ? 1.0 : 0), 0.9 - 0.137, 1);
        JsonElement[] lines = [.. File.ReadLines(_folder["single.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.All(lines.Where(line => !line.GetProperty("abstains").GetBoolean()), line => Assert.DoesNotContain('|', line.GetProperty("set").GetString()!));
        int abstained = lines.Count(line => line.GetProperty("abstains").GetBoolean());
        Assert.Equal($"Abstained from {abstained} of 600 rows. 600 rows predicted: single.jsonl", string.Join(' ', single.Error.Split('\n')));
    }

    [Fact]
    public void Calibrate_OnMoreRows_ReachesHigherLevels()
    {
        Train("dropout");

        Fails("predict model digits --interval 0.999", "An interval level of 0.999 needs at least 999 calibration rows; the model has 359: train it with more held-out rows (--test-share), or use dropout calibrate.");
        DropoutProcess.Result calibrated = Run("calibrate model digits --passes 3 --output more");
        DropoutProcess.Result predicted = Run("predict more digits --interval 0.999");
        DropoutProcess.Result others = Run("predict more digits --interval 0.9 --passes 4");

        Assert.Equal("Calibrated on 1,797 rows with 3 passes: intervals and sets up to a level of 0.9994. Model: more.", calibrated.Output.Trim());
        Assert.Equal("", predicted.Error);
        Assert.Equal("The model was calibrated with 3 passes; with 4 what it promises holds only nearly.", others.Error);
    }

    [Fact]
    public void Predict_NumbersOfAModelWithoutEnoughRows_SaysSo()
    {
        WriteLine("few.csv", 40, null);
        Run("train few.csv --network mlp --hidden 8 --rate 0.1 --epochs 3 --mc-passes 3 --output few");

        Assert.StartsWith("row,prediction,epistemic,aleatoric\n", Run("predict few few.csv").Output, StringComparison.Ordinal);
        Fails("predict few few.csv --interval 0.9", "An interval level of 0.9 needs at least 9 calibration rows; the model has 8: train it with more held-out rows (--test-share), or use dropout calibrate.");
        Fails("predict few few.csv --abstain", "Abstaining from a number needs a share of rows to leave out, in (0, 1); received none.");
    }

    [Fact]
    public void Uq_Regression_JudgesEverything()
    {
        WriteLine("line.csv", 400, null);
        WriteLine("far.csv", 100, null, shift: 30);
        Run("train line.csv --network mlp --hidden 32 --rate 0.2 --epochs 20 --mc-passes 3 --output line");

        DropoutProcess.Result text = Run("uq line line.csv --passes 20 --levels 0.5,0.9,0.999 --ood far.csv --pictures pictures");
        JsonElement json = JsonDocument.Parse(Run("uq line line.csv --passes 20 --ood far.csv --json --output page.html").Output).RootElement;
        JsonElement loose = JsonDocument.Parse(Run("uq line line.csv --passes 20 --tau 0.0001 --bins 9 --json").Output).RootElement;

        Assert.Contains("needs 999 rows", text.Output, StringComparison.Ordinal);
        Assert.Equal("regression", json.GetProperty("task").GetString());
        foreach (string score in (string[])["rmse", "mae", "nll", "crps", "ece", "aurc"])
        {
            Assert.True(double.IsFinite(json.GetProperty("monte_carlo").GetProperty(score).GetDouble()), score);
        }

        // Half of 400 rows calibrate, the other half is judged: beta-binomial with sigma √(0.09/200·(1 + 199/202)) = 0.03, of which 4.5 are allowed.
        JsonElement ninety = json.GetProperty("coverage").EnumerateArray().First(level => level.GetProperty("level").GetDouble() == 0.9);
        Assert.Equal(0.9, ninety.GetProperty("conformal").GetDouble(), 0.134);
        Assert.Equal(0.0596, ninety.GetProperty("chance").GetDouble(), 1e-4);

        // Thirty standard deviations away every mask gives another line: all rows are told apart. A noise a hundred times too large holds all targets.
        Assert.True(json.GetProperty("foreign")[0].GetProperty("auroc").GetDouble() > 0.99);
        Assert.Equal(1, loose.GetProperty("coverage")[0].GetProperty("own").GetDouble());
        Assert.Equal(
            ["foreign.svg", "passes.svg", "reliability.svg", "risk.svg", "roc.svg"],
            Directory.GetFiles(_folder["pictures"]).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        Assert.Contains("Epistemic standard deviation", File.ReadAllText(_folder["page.html"]), StringComparison.Ordinal);
        Fails("uq line line.csv --bins 401", "The number of bins must be at most that of the rows, 400; received 401.");
        Fails("uq line line.csv --tau 0", "--tau must be a number above 0; received 0. See 'dropout uq --help'.");
    }

    [Fact]
    public void Uq_ClassThatWasNeverSeen_NamesRowAndClasses()
    {
        WriteLine("seen.csv", 60, "ab");
        WriteLine("unseen.csv", 20, "abc");
        Run("train seen.csv --network mlp --hidden 8 --rate 0.2 --epochs 2 --mc-passes 2 --output seen");

        Fails("uq seen unseen.csv", "Every row of 'unseen.csv' must have a class that the model was trained on; row 3 has none of a, b.");
        Fails("calibrate seen unseen.csv", "Every row of 'unseen.csv' must have a class that the model was trained on; row 3 has none of a, b.");
        Fails("uq seen seen.csv --tau 1", "The noise precision τ belongs to a number; the model predicts classes of y.");
    }

    [Fact]
    public void Prune_SparseModel_ReportsAndSavesModelsThatPredict()
    {
        Train("sparse", "--patience 0 --learning-rate 0.01 --epochs 10 --picture rates.svg");
        Assert.Contains(">dense1</text>", File.ReadAllText(_folder["rates.svg"]), StringComparison.Ordinal);

        DropoutProcess.Result text = Run("prune model digits --threshold 1 --output masked --passes 2");
        JsonElement json = JsonDocument.Parse(Run("prune model --threshold 1 --dense --output dense --json").Output).RootElement;

        Assert.Contains("Compression of these layers: ", text.Output, StringComparison.Ordinal);
        Assert.Contains("On 1,797 rows: accuracy ", text.Output, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("score").ValueKind);
        Assert.Equal(1798, Run("predict masked digits --interval 0.99").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(1798, Run("predict dense digits").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Fails("predict dense digits --interval 0.9", "Intervals, sets and abstaining need a calibrated model; this one is not, as models of older versions are not: train it again, or use dropout calibrate.");
        Fails("train --picture rates.svg", "--picture needs a variant that learns its rates, concrete, variational, sparse; received dropout.");
        Fails("prune dense --output again", "Pruning needs a model of variant sparse, whose noise says which weights are not needed; this one is of variant none.");
    }

    private void Train(string variant, string more = "--epochs 5") => Run(
        $"train --network mlp --hidden 16 --variant {variant} --rate 0.1 --train-rows 400 --mc-passes 4 --output model {more}");

    private DropoutProcess.Result Run(string arguments)
    {
        DropoutProcess.Result result = DropoutProcess.Run(_folder.Path, arguments.Split(' '));
        Assert.True(result.ExitCode == 0, $"{arguments}: {result.Error}");
        return result;
    }

    private void Fails(string arguments, string message)
    {
        DropoutProcess.Result result = DropoutProcess.Run(_folder.Path, arguments.Split(' '));
        Assert.Equal("error: " + message, result.Error);
        Assert.Equal(2, result.ExitCode);
    }

    /// <summary>A line with noise, or with classes instead of numbers.</summary>
    private void WriteLine(string name, int count, string? classes, double shift = 0)
    {
        MaskStream stream = new(11);
        File.WriteAllLines(_folder[name], Enumerable.Range(0, count).Select(i =>
        {
            double x = stream.Normal(2 * i) + shift;
            string target = classes is null ? ((2 * x) + stream.Normal((2 * i) + 1)).ToString(CultureInfo.InvariantCulture) : $"{classes[i % classes.Length]}";
            return string.Create(CultureInfo.InvariantCulture, $"{x},{target}");
        }).Prepend("x,y"));
    }
}
