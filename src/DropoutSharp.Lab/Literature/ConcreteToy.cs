using System.Diagnostics;
using DropoutSharp.Torch;
using DropoutSharp.Uncertainty;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Literature;

/// <summary>The toy of Gal, Hron and Kendall (2017): a line with noise, y = 2x + 8 + N(0, 1), learned from more and more rows.</summary>
/// <remarks>With more rows there is less to be unsure about: learned rates and epistemic spread fall, and the noise stays what it is.</remarks>
public static class ConcreteToy
{
    /// <summary>The drop rate that every layer starts from.</summary>
    public const double InitialRate = 0.1;

    private const int Hidden = 100;
    private const int BatchSize = 200;
    private const double LengthScale = 1e-1;
    private const int Moments = 20;

    /// <summary>Learns from N rows.</summary>
    /// <param name="rows">The number N of rows; at least 2.</param>
    /// <param name="steps">The number of steps, whatever N.</param>
    /// <param name="seed">Decides data, first weights and noise.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static ConcreteToyResult Run(int rows, int steps, ulong seed, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        using DisposeScope scope = NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        MaskStream draws = new(MaskStream.DeriveKey(seed, 0), (uint)rows);
        float[] x = new float[rows], y = new float[rows];
        for (int i = 0; i < rows; i++)
        {
            x[i] = (float)draws.Normal(2L * i);
            y[i] = (float)((2 * x[i]) + 8 + draws.Normal((2L * i) + 1));
        }

        manual_seed((long)(MaskStream.DeriveKey(seed, 1) >> 1)); // first weights
        ulong noise = MaskStream.DeriveKey(seed, 2);
        ConcreteDropout[] layers =
        [
            new(nn.Linear(1, Hidden), new(InitialRate), noise, 0), new(nn.Linear(Hidden, Hidden), new(InitialRate), noise, 1),
            new(nn.Linear(Hidden, 2), new(InitialRate), noise, 2),
        ];
        Sequential network = nn.Sequential(("dense1", layers[0]), ("relu1", nn.ReLU()), ("dense2", layers[1]), ("relu2", nn.ReLU()), ("head", layers[2]));
        double[] history = Train(network, layers, tensor(x).unsqueeze(1), tensor(y).unsqueeze(1), steps, noise, cancellation);

        // Where the data lie: two standard deviations of x to both sides.
        Tensor grid = linspace(-2, 2, 41).unsqueeze(1);
        RegressionMoments moments = new McDropout(network).Regression(
            grid, new(Passes: 200, Seed: seed), output => (output.narrow(1, 0, 1), output.narrow(1, 1, 1).exp()));
        double[] mean = moments.GetMean(), truth = [.. grid.data<float>().Select(value => (2.0 * value) + 8)];
        return new ConcreteToyResult(
            rows, [.. layers.Select(layer => layer.DropRate)], moments.GetEpistemicVariance().Average(Math.Sqrt), moments.GetAleatoricVariance().Average(Math.Sqrt),
            RegressionScores.RootMeanSquaredError<double>(mean, truth), history, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static double[] Train(
        Sequential network, ConcreteDropout[] layers, Tensor x, Tensor y, int steps, ulong key, CancellationToken cancellation)
    {
        const double LearningRate = 5e-3;
        int rows = (int)x.shape[0], batch = Math.Min(BatchSize, rows);
        using optim.Optimizer optimizer = optim.Adam(network.parameters(), LearningRate);
        network.train();
        MaskStream choice = new(key, 0, 100);
        List<double> history = [];
        for (int step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            foreach (var group in optimizer.ParamGroups)
            {
                group.LearningRate = LearningRate * 0.5 * (1 + Math.Cos(Math.PI * step / steps));
            }

            Tensor chosen = tensor([.. Enumerable.Range(0, batch).Select(i =>
                batch == rows ? i : (long)(choice.Uniform(((long)step * batch) + i) * rows))]);
            optimizer.zero_grad();
            Tensor output = network.call(x.index_select(0, chosen));
            Tensor logVariance = output.narrow(1, 1, 1);
            Tensor error = y.index_select(0, chosen) - output.narrow(1, 0, 1);
            Tensor likelihood = (error.Squared() * logVariance.neg().exp()).Plus(logVariance).mean().Times(0.5);
            likelihood.Plus(LearnedRegularizer.Of(network, rows, LengthScale)).backward();
            optimizer.step();
            if ((step + 1) * Moments / steps > step * Moments / steps)
            {
                history.Add(layers.Average(layer => layer.DropRate));
            }
        }

        network.eval();
        return [.. history];
    }
}
