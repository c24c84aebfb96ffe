using DropoutSharp.Lab.Literature;

namespace DropoutSharp.Lab.Tests.Literature;

public sealed class StackedNetworksTests : IDisposable
{
    private const int Rows = 40;
    private readonly string _folder = Directory.CreateTempSubdirectory("stack").FullName;
    private readonly int[] _rows = [.. Enumerable.Range(0, Rows)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Train_WithoutHiddenLayer_IsRidgeRegression()
    {
        // One standardised feature: w = c/(1 + λ) with the correlation c minimises the mean of (y − wx)² + λw².
        UciDataset data = Write(x => (3 * x) + Math.Sin(17 * x));
        const double Decay = 0.5;
        double x1 = data.Features.Average(row => row[0]), y1 = data.Targets.Average();
        double covariance = data.Features.Zip(data.Targets).Average(pair => (pair.First[0] - x1) * (pair.Second - y1));
        double variance = data.Features.Average(row => (row[0] - x1) * (row[0] - x1));
        using StackedNetworks network = StackedNetworks.Train([new StackedTask(data, _rows, 0, Decay, 1)], new([], 2000, Rows, 1e-2, true));
        double[] prediction = network.Predict(data, [_rows], 0)[0];

        Assert.All(_rows, row => Assert.Equal(y1 + (covariance / variance / (1 + Decay) * (data.Features[row][0] - x1)), prediction[row], 1e-4));
    }

    [Fact]
    public void Train_WithHiddenLayers_LearnsWhatIsNotLinear()
    {
        UciDataset data = Write(Math.Abs);
        using StackedNetworks network = StackedNetworks.Train([new StackedTask(data, _rows, 0, 0, 1)], new([20, 20], 500, 20, 1e-2, true));
        double[] prediction = network.Predict(data, [_rows], 0)[0];

        Assert.All(_rows, row => Assert.Equal(data.Targets[row], prediction[row], 0.05));
    }

    [Fact]
    public void Train_InAnyCompany_IsTheSameNetwork()
    {
        UciDataset data = Write(Math.Sin);
        StackedTask[] tasks = [new(data, _rows, 0.1, 1e-3, 5), new(data, [.. _rows.Reverse()], 0.3, 0, 6), new(data, _rows, 0, 1e-2, 7)];
        StackedOptions options = new([10, 5], 20, 16, 1e-2, false);
        using StackedNetworks together = StackedNetworks.Train(tasks, options), alone = StackedNetworks.Train(tasks[..1], options);
        double[] expected = together.Predict(data, [_rows, _rows, _rows], 30)[0], received = alone.Predict(data, [_rows], 30)[0];

        Assert.Equal(30 * Rows, received.Length);
        Assert.All(Enumerable.Range(0, expected.Length), i => Assert.Equal(expected[i], received[i], 1e-3));
        Assert.NotEqual(received[..Rows], received[Rows..(2 * Rows)]);
    }

    [Fact]
    public void Train_RowsOfDifferentNumber_IsRefused()
    {
        UciDataset data = Write(Math.Sin);

        Assert.Throws<ArgumentException>(() => StackedNetworks.Train(
            [new StackedTask(data, _rows, 0, 0, 1), new StackedTask(data, _rows[1..], 0, 0, 1)], new([2], 1, 8, 1e-3, false)));
    }

    [Fact]
    public void Learn_GaussianResiduals_FindsTheirDeviation()
    {
        MaskStream noise = new(3);
        double[][] passes = [.. Enumerable.Range(0, 400).Select(row => (double[])[row, row])];
        double[] targets = [.. Enumerable.Range(0, 400).Select(row => row + (2 * noise.Normal(row)))];
        LearnedResidualNoise learned = LearnedResidualNoise.Learn(passes, targets);

        // Five parameters gain at most a few times 5/2 nats over the true law in all 400 rows, and lose none.
        double truth = Enumerable.Range(0, 400).Average(row => Gaussian(targets[row] - row, 2));
        double found = Enumerable.Range(0, 400).Average(row => learned.LogDensity(passes[row], targets[row]));
        Assert.InRange(found - truth, -0.01, 10.0 / 400);
    }

    [Fact]
    public void Run_PapersRecipeOnYacht_IsNearThePublishedFigures()
    {
        string folder = Path.Combine(SharedData.Require("uci"), "yacht");
        UciResult result = UciReproduction.Run(UciDataset.Read(folder), new UciOptions(Passes: 50, Splits: 2, Repeats: 1));

        // Two splits of a set whose RMSE varies by 0.38 from split to split around 1.11 (Gal and Ghahramani 2016): within four deviations of the mean of two.
        Assert.Equal(1.11, result.Rmse, 4 * 0.38 / Math.Sqrt(2));
        Assert.Equal(-1.55, result.Ll, 4 * 0.12 / Math.Sqrt(2));
        Assert.Equal((1.11, -1.55), (result.PublishedRmse, result.PublishedLl));
    }

    private static double Gaussian(double error, double deviation) =>
        (-0.5 * error * error / (deviation * deviation)) - Math.Log(deviation) - (0.5 * Math.Log(2 * Math.PI));

    private UciDataset Write(Func<double, double> function)
    {
        double[] x = [.. _rows.Select(row => -2 + (4.0 * row / (Rows - 1)))];
        File.WriteAllLines(Path.Combine(_folder, "data.txt"), x.Select(value => FormattableString.Invariant($"{value:r} {function(value):r}")));
        File.WriteAllText(Path.Combine(_folder, "index_features.txt"), "0");
        File.WriteAllText(Path.Combine(_folder, "index_target.txt"), "1");
        File.WriteAllLines(Path.Combine(_folder, "index_train_0.txt"), _rows.Skip(1).Select(row => row.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        File.WriteAllText(Path.Combine(_folder, "index_test_0.txt"), "0");
        return UciDataset.Read(_folder);
    }
}
