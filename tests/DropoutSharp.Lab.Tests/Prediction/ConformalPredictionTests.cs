using System.Globalization;
using System.Text;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Prediction;

namespace DropoutSharp.Lab.Tests.Prediction;

/// <summary>What intervals, sets and abstentions promise, on models that were never trained: it must hold whatever a model believes.</summary>
public sealed class ConformalPredictionTests : IDisposable
{
    private const int CalibrationRows = 59;
    private const int NewRows = 100;
    private const int Splits = 25;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(LearningTask.Regression, 0.8)]
    [InlineData(LearningTask.Regression, 0.95)]
    [InlineData(LearningTask.Classification, 0.8)]
    public void Predict_Interval_HoldsTheLevelOverSplits(LearningTask task, double level)
    {
        double covered = 0;
        for (int split = 0; split < Splits; split++)
        {
            covered += Predict(task, split, new() { Level = level }).Average(row => row.Holds ? 1.0 : 0) / Splits;
        }

        AssertIsLevel(level, CalibrationRows, covered);
    }

    [Theory]
    [InlineData(LearningTask.Regression)]
    [InlineData(LearningTask.Classification)]
    public void Predict_AbstainedShare_LeavesThatShareOutAndHoldsTheLevelAmongTheOthers(LearningTask task)
    {
        const double Share = 0.5, Level = 0.8;
        double answered = 0, covered = 0;
        for (int split = 0; split < Splits; split++)
        {
            Row[] rows = Predict(task, split, new() { Level = Level, AbstainedShare = Share });
            answered += rows.Average(row => row.Abstains ? 0.0 : 1) / Splits;
            covered += rows.Where(row => !row.Abstains).Average(row => row.Holds ? 1.0 : 0) / Splits;
        }

        AssertIsLevel(1 - Share, CalibrationRows, answered);

        // Half of the calibration rows calibrate; about half of the new rows are answered. That the last of the answered calibration rows lies on the threshold itself
        // moves the coverage by at most one rank.
        int calibrating = (CalibrationRows + 1) / 2;
        AssertIsLevel(Level, calibrating, covered, NewRows / 2, 1.0 / calibrating);
    }

    [Fact]
    public void Predict_AbstainsUnlessSingle_AnswersRowsWhoseSetIsOneClass()
    {
        Row[] all = Predict(LearningTask.Classification, 0, new() { Level = 0.5 });
        Row[] single = Predict(LearningTask.Classification, 0, new() { Level = 0.5, AbstainsUnlessSingle = true });

        Assert.Equal(all.Select(row => row.Classes != 1), single.Select(row => row.Abstains));
        Assert.Contains(single, row => row.Abstains);
        Assert.Contains(single, row => !row.Abstains);
    }

    [Fact]
    public void Predictor_Uncalibrated_PredictsAndRefusesIntervals()
    {
        using Model model = Build(LearningTask.Regression, 0.3);
        Assert.Null(new Predictor(model, new()).Level);
        foreach (PredictorOptions options in (PredictorOptions[])[new() { Level = 0.9 }, new() { AbstainedShare = 0.1 }])
        {
            Assert.Equal(
                "Intervals, sets and abstaining need a calibrated model; this one is not, as models of older versions are not: train it again, or use dropout calibrate.",
                Assert.Throws<UserErrorException>(() => new Predictor(model, options)).Message);
        }
    }

    [Fact]
    public void Predictor_CalibrationTooSmall_LeavesTheDefaultIntervalOutAndRefusesOneThatIsAskedFor()
    {
        using Model plain = Build(LearningTask.Regression, 0.3);
        using Model model = Calibrated(plain, 8);

        Assert.Null(new Predictor(model, new()).Level);
        Assert.Equal(0.88, new Predictor(model, new() { Level = 0.88 }).Level);
        Assert.Contains("needs at least 9 calibration rows; the model has 8", Assert.Throws<UserErrorException>(() => new Predictor(model, new() { Level = 0.9 })).Message);
    }

    [Fact]
    public void Predictor_OtherPassesThanCalibrated_SaysSo()
    {
        using Model plain = Build(LearningTask.Regression, 0.3);
        using Model model = Calibrated(plain, 20);

        Assert.Null(new Predictor(model, new()).Note);
        Assert.Equal(0.9, new Predictor(model, new()).Level);
        Assert.Equal("The model was calibrated with 7 passes; with 3 what it promises holds only nearly.", new Predictor(model, new() { Passes = 3 }).Note);
    }

    [Fact]
    public void Predictor_NumberWithoutAShareToAbstainFrom_SaysWhatIsNeeded()
    {
        using Model model = Build(LearningTask.Regression, 0.3);
        Assert.Equal(
            "Abstaining from a number needs a share of rows to leave out, in (0, 1); received none.",
            Assert.Throws<UserErrorException>(() => new Predictor(model, new() { AbstainsUnlessSingle = true })).Message);
    }

    /// <summary>
    /// The covered rows of one split are beta-binomial, with the Beta(k, n + 1 − k) of split conformal prediction: their share has mean k/(n + 1) and variance
    /// p(1 − p)/m·(1 + (m − 1)/(n + 2)). The mean over splits lies within 4.5 sigma.
    /// </summary>
    private static void AssertIsLevel(double level, int calibrationRows, double observed, int newRows = NewRows, double slack = 0)
    {
        double expected = Math.Ceiling((calibrationRows + 1) * level * (1 - 1e-9)) / (calibrationRows + 1);
        double variance = expected * (1 - expected) / newRows * (1 + ((newRows - 1.0) / (calibrationRows + 2)));
        Assert.Equal(expected, observed, (4.5 * Math.Sqrt(variance / Splits)) + slack);
    }

    private static Model Calibrated(Model model, int rows)
    {
        double[] values = [.. Enumerable.Range(1, rows).Select(i => (double)i)];
        return model with { Description = model.Description with { Calibration = new ModelCalibration(7, values, values) } };
    }

    /// <summary>A network with its first weights, and rows of which it knows nothing.</summary>
    private Model Build(LearningTask task, double rate)
    {
        PreparedData data = DataPreparation.Prepare(WriteRows(task, "first.csv", 60, 1), new() { Task = task, Target = "y" });
        NetworkBlueprint blueprint = new()
        {
            Network = NetworkCatalog.Resolve(new() { Kind = "mlp", HiddenSizes = [8] }, data.Train.Shape),
            RowShape = data.Train.Shape,
            Outputs = task == LearningTask.Classification ? data.Classes.Count : 1,
            Variant = "dropout",
            DropRate = rate,
        };
        Network network = blueprint.Build(3, 4);
        network.eval();
        return new Model(new() { Blueprint = blueprint, Encoder = data.Encoder, Seed = 1, Noise = new(0.1, 0.1), DataName = "rows" }, network);
    }

    private Row[] Predict(LearningTask task, int split, PredictorOptions options)
    {
        using Model plain = Build(task, 0.3);
        string calibration = WriteRows(task, "calibration.csv", CalibrationRows, (ulong)(100 + split)), fresh = WriteRows(task, "new.csv", NewRows, (ulong)(1000 + split));
        ulong seed = (ulong)split;
        Model model = plain with { Description = plain.Description with { Calibration = ModelCalibrator.Run(plain, calibration, 5, seed) } };
        using RowStream rows = RowStream.Open(fresh, model.Description.Encoder, new() { Keep = ["y"] });
        using MemoryStream written = new();
        Predictor predictor = new(model, options with { Seed = seed });
        using PredictionWriter writer = PredictionWriter.Create(
            written, OutputFormat.Csv, rows, new() { WithIntervals = predictor.Level is not null, WithAbstentions = predictor.MayAbstain });
        predictor.Predict(rows, writer, cancellation: TestContext.Current.CancellationToken);
        writer.Complete();
        string[] lines = Encoding.UTF8.GetString(written.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        List<string> names = [.. lines[0].Split(',')];
        Row[] result = [.. lines[1..].Select(line => Parse(line.Split(','), names))];
        Assert.Equal(result.Count(row => row.Abstains), predictor.AbstainedRows);
        return result;
    }

    private static Row Parse(string[] cells, List<string> names)
    {
        bool abstains = names.Contains("abstains") && cells[names.IndexOf("abstains")] == "true";
        string truth = cells[names.IndexOf("y")];
        if (abstains)
        {
            Assert.Equal("", cells[names.IndexOf("prediction")]);
            return new Row(true, false, 0);
        }

        if (names.Contains("set"))
        {
            string[] set = cells[names.IndexOf("set")].Split('|');
            return new Row(false, set.Contains(truth), set.Length);
        }

        double value = Number(truth);
        return new Row(false, value >= Number(cells[names.IndexOf("low")]) && value <= Number(cells[names.IndexOf("high")]), 0);
    }

    private string WriteRows(LearningTask task, string name, int count, ulong seed)
    {
        MaskStream stream = new(seed);
        return _folder.WriteLines(name, Enumerable.Range(0, count).Select(i =>
        {
            double a = stream.Normal(3 * i), b = stream.Normal((3 * i) + 1), noise = stream.Normal((3 * i) + 2);
            string target = task == LearningTask.Regression
                ? (a + (a * noise)).ToString(CultureInfo.InvariantCulture) // The noise grows with a, of which the model does not know.
                : a + noise > 0.5 ? "x" : b + noise > 0 ? "y" : "z";
            return string.Create(CultureInfo.InvariantCulture, $"{a},{b},{target}");
        }).Prepend("a,b,y"));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private readonly record struct Row(bool Abstains, bool Holds, int Classes);
}
