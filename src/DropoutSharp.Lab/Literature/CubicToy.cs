using System.Diagnostics;
using DropoutSharp.Torch;
using DropoutSharp.Uncertainty;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Literature;

/// <summary>The toy of Hernández-Lobato and Adams (2015), y = x³ + N(0, 9) from 20 points in [−4, 4], with Monte-Carlo dropout: how sure is a network where it saw nothing?</summary>
public static class CubicToy
{
    private const int Points = 20;
    private const int Hidden = 100;
    private const double DropRate = 0.1;
    private const double Noise = 3;
    private const double Reach = 4;
    private const double GridReach = 6;
    private const int GridSize = 121;

    /// <summary>Trains a network of two hidden layers and samples it.</summary>
    /// <param name="steps">Training steps over all points; at least 1.</param>
    /// <param name="passes">Monte-Carlo passes; at least 2.</param>
    /// <param name="seed">Decides points, first weights and masks.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static CubicToyResult Run(int steps, int passes, ulong seed, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 2);
        using DisposeScope scope = NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        MaskStream draws = new(MaskStream.DeriveKey(seed, 0));
        double[] x = [.. Enumerable.Range(0, Points).Select(i => Reach * ((2 * draws.Uniform(i)) - 1))];
        double[] y = [.. x.Select((value, i) => (value * value * value) + (Noise * draws.Normal(Points + i)))];
        double scale = Math.Sqrt(y.Average(value => value * value));
        using Sequential network = Build(seed);
        Train(network, Column(x), Column(y).Over(scale), steps, cancellation);
        network.eval();
        double[] grid = [.. Enumerable.Range(0, GridSize).Select(i => GridReach * ((2.0 * i / (GridSize - 1)) - 1))];
        RegressionMoments moments = new McDropout(network).Regression(Column(grid), new(passes, seed));
        double[] mean = [.. moments.GetMean().Select(value => scale * value)];
        double[] epistemic = [.. moments.GetEpistemicVariance().Select(variance => scale * Math.Sqrt(variance))];
        double[] total = [.. epistemic.Select(deviation => Math.Sqrt((deviation * deviation) + (Noise * Noise)))];
        bool[] isInside = Array.ConvertAll(grid, value => Math.Abs(value) <= Reach);
        return new CubicToyResult(
            x, y, grid, mean, epistemic, total, epistemic.Where((_, i) => isInside[i]).Average(), epistemic.Where((_, i) => !isInside[i]).Average(),
            Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static Sequential Build(ulong seed)
    {
        manual_seed((long)(MaskStream.DeriveKey(seed, 1) >> 1)); // first weights
        ulong masks = MaskStream.DeriveKey(seed, 2);
        return nn.Sequential(
            ("dense1", nn.Linear(1, Hidden)), ("relu1", nn.ReLU()), ("dropout1", new Torch.Dropout(DropRate, seed: masks, site: 0)),
            ("dense2", nn.Linear(Hidden, Hidden)), ("relu2", nn.ReLU()), ("dropout2", new Torch.Dropout(DropRate, seed: masks, site: 1)),
            ("head", nn.Linear(Hidden, 1)));
    }

    private static void Train(Sequential network, Tensor x, Tensor y, int steps, CancellationToken cancellation)
    {
        const double LearningRate = 3e-3;
        using optim.Optimizer optimizer = optim.Adam(network.parameters(), LearningRate);
        network.train();
        for (int step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            foreach (var group in optimizer.ParamGroups)
            {
                group.LearningRate = LearningRate * 0.5 * (1 + Math.Cos(Math.PI * step / steps));
            }

            optimizer.zero_grad();
            nn.functional.mse_loss(network.call(x), y).backward();
            optimizer.step();
        }
    }

    private static Tensor Column(double[] values) => tensor(Array.ConvertAll(values, value => (float)value)).unsqueeze(1);
}
