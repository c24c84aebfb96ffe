using System.Globalization;
using System.Text;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Prediction;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Tests.Prediction;

public sealed class PredictorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("predictor").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Predict_Digits_GivesTheScoresOfItsTraining()
    {
        PreparedData data = DataPreparation.Prepare((string?)null, new() { TrainRows = 400 });
        ModelTrainingResult trained = Train(data, "dropout", 0.2);

        string[][] rows = Predict(trained, null, new() { Passes = 20 });

        // The held-out rows of the training, predicted again by other masks.
        Dictionary<int, string> predicted = rows.ToDictionary(static row => int.Parse(row[0], CultureInfo.InvariantCulture), static row => row[1]);
        double accuracy = data.Test.RowNumbers.Zip(data.Test.Targets).Average(pair => predicted[pair.First] == data.Classes[(int)pair.Second] ? 1.0 : 0.0);
        Assert.Equal(1797, rows.Length);

        // Two Monte-Carlo means of 20 passes can differ in few rows only: those where the two best classes are about as probable.
        Assert.Equal(trained.Scores["mc_accuracy"], accuracy, 0.03);
    }

    [Fact]
    public void Predict_AnyBatchSize_IsTheSame()
    {
        ModelTrainingResult trained = Train(DataPreparation.Prepare((string?)null, new() { TrainRows = 200 }), "dropout", 0.5);

        string[][] whole = Predict(trained, null, new() { Passes = 3 }, batchRows: 4096);
        string[][] parts = Predict(trained, null, new() { Passes = 3 }, batchRows: 100);

        // Matrix products of other sizes may round otherwise: what is compared is to six digits, where another mask would show in the first.
        Assert.All(whole.Zip(parts), static pair => Assert.All(pair.First.Zip(pair.Second).Skip(2), static cell => Assert.Equal(Number(cell.First), Number(cell.Second), 1e-6)));
    }

    [Fact]
    public void Predict_NoDropout_HasNoEpistemicPartAndTakesOnePass()
    {
        ModelTrainingResult trained = Train(DataPreparation.Prepare((string?)null, new() { TrainRows = 200 }), "none", 0);

        Assert.All(Predict(trained, null, new() { Passes = 1000 }), static row => Assert.Equal(0, Number(row[3]), 1e-9));
    }

    [Fact]
    public void Predict_Regression_CoversAboutWhatItPromises()
    {
        string file = WriteLine(600, seed: 1);
        ModelTrainingResult trained = Train(DataPreparation.Prepare(file), "dropout", 0.05);

        string[][] rows = Predict(trained, WriteLine(1000, seed: 2), new() { Level = 0.9 });

        Assert.All(rows, static row =>
        {
            double[] values = [.. row.Skip(1).Select(Number)];
            Assert.InRange(values[0], values[3], values[4]); // The mean lies in the interval.
            Assert.True(values[1] > 0 && values[2] > 0);
        });

        // Split conformal prediction with n = 120 calibration rows: coverage is drawn from Beta(109, 12), and of 1,000 new rows beta-binomial; sigma is
        // √(p(1 − p)/1000·(1 + 999/122)) = 0.0287, of which 4.5 are allowed.
        Assert.Equal(109 / 121.0, rows.Zip(Targets(1000, seed: 2)).Average(static pair => pair.Second >= Number(pair.First[4]) && pair.Second <= Number(pair.First[5]) ? 1.0 : 0), 0.129);
    }

    [Theory]
    [InlineData(0, 0.9, "Monte-Carlo passes must be at least 1; received 0.")]
    [InlineData(10, 1.0, "Interval level must be in (0, 1); received 1.")]
    [InlineData(10, double.NaN, "Interval level must be in (0, 1); received NaN.")]
    public void Check_OutOfRange_SaysWhatMustBe(int passes, double level, string message) =>
        Assert.Equal(message, Assert.Throws<UserErrorException>(() => new PredictorOptions { Passes = passes, Level = level }.Check()).Message);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static (double X, double Y)[] Points(int count, ulong seed)
    {
        MaskStream stream = new(seed);
        return [.. Enumerable.Range(0, count).Select(i => (X: stream.Uniform(3 * i), Noise: Math.Sqrt(-2 * Math.Log(stream.Uniform((3 * i) + 1))) * Math.Cos(2 * Math.PI * stream.Uniform((3 * i) + 2))))
            .Select(static point => (point.X, (3 * point.X) + (0.5 * point.Noise)))];
    }

    private static IEnumerable<double> Targets(int count, ulong seed) => Points(count, seed).Select(static point => point.Y);

    private string WriteLine(int count, ulong seed)
    {
        string path = Path.Combine(_folder, $"line-{seed}.csv");
        File.WriteAllLines(path, Points(count, seed).Select(static point => string.Create(CultureInfo.InvariantCulture, $"{point.X},{point.Y}")).Prepend("x,y"));
        return path;
    }

    private ModelTrainingResult Train(PreparedData data, string variant, double rate) => ModelTraining.Run(
        data,
        new() { Variant = variant, DropRate = rate, Network = new NetworkOptions { Kind = "mlp", HiddenSizes = [32] }, Training = new() { Epochs = 15 }, MonteCarloPasses = 20 },
        Path.Combine(_folder, "model"));

    private string[][] Predict(ModelTrainingResult trained, string? path, PredictorOptions options, int batchRows = 512)
    {
        Assert.NotEmpty(trained.Epochs);
        using Model model = ModelFolder.Load(Path.Combine(_folder, "model"));
        using RowStream rows = RowStream.Open(path, model.Description.Encoder, new() { BatchRows = batchRows });
        using MemoryStream written = new();
        using PredictionWriter writer = PredictionWriter.Create(written, OutputFormat.Csv, rows, new() { WithIntervals = options.Level is not null });
        new Predictor(model, options).Predict(rows, writer, cancellation: TestContext.Current.CancellationToken);
        writer.Complete();
        return [.. Encoding.UTF8.GetString(written.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static line => line.Split(','))];
    }
}
