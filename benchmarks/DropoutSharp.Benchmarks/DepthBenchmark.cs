using System.Diagnostics;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Measures whether stochastic depth takes the share of the time that its kept branches promise, beside the network with every branch run, turn by turn in one process.</summary>
/// <remarks>
/// A step is forward and backward of residual blocks alone, in float32: no loss but a mean, no optimiser. How many branches are kept varies from step to step, so the promise is made from the
/// masks of the very steps that are measured: the kept branches' share, or in the subset mode the kept rows'. Each step of every contender is measured in turn; the result is the mean over the
/// steps, of each the median of three turns.
/// </remarks>
public static class DepthBenchmark
{
    private const int Turns = 3;

    /// <summary>Measures case by case.</summary>
    /// <param name="options">Which cases.</param>
    /// <param name="measured">Called with each case as soon as it is measured.</param>
    /// <param name="cancellation">Ends the measurement between two steps.</param>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static void Run(DepthBenchmarkOptions options, Action<DepthBenchmarkCase> measured, CancellationToken cancellation = default)
    {
        LibtorchRuntime.EnsureLoaded();
        (bool IsDense, int Width)[] networks = [.. options.Widths.Select(static width => (true, width)), .. options.Maps.Select(static width => (false, width))];
        foreach ((bool isDense, int width) in networks)
        {
            foreach (int batch in options.Batches)
            {
                foreach (StochasticDepthMode mode in options.Modes)
                {
                    foreach (double rate in options.Rates)
                    {
                        measured(Measure(options, isDense, width, batch, mode, rate, cancellation));
                    }
                }
            }
        }
    }

    private static DepthBenchmarkCase Measure(
        DepthBenchmarkOptions options, bool isDense, int width, int batch, StochasticDepthMode mode, double rate, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        using Tensor input = isDense ? randn(batch, width) : randn(batch, width, 16, 16);
        input.requires_grad_(true); // a block is one of many: its input has a gradient
        StochasticDepth[] paths = [.. Enumerable.Range(0, options.Blocks).Select(
            site => new StochasticDepth(Branch(isDense, width), rate, mode, seed: 1, site: (uint)site))];
        TorchSharp.Modules.Sequential ours = nn.Sequential(paths);
        TorchSharp.Modules.Sequential plain = nn.Sequential(Enumerable.Range(0, options.Blocks).Select(_ => (nn.Module<Tensor, Tensor>)new Residual(Branch(isDense, width))));
        TorchSharp.Modules.Sequential libtorch = nn.Sequential(Enumerable.Range(0, options.Blocks).Select(_ => (nn.Module<Tensor, Tensor>)new RowDrop(Branch(isDense, width), rate)));
        double[] total = new double[3];
        double kept = 0;
        for (int step = 0; step < options.Steps; step++)
        {
            uint position = (uint)step;
            Action[] contenders =
            [
                () =>
                {
                    Array.ForEach(paths, path => path.Position = path.Position with { Step = position });
                    Step(ours, input);
                },
                () => Step(plain, input),
                () => Step(libtorch, input),
            ];
            var turns = contenders.Select(static _ => new List<double>()).ToArray();
            for (int turn = 0; turn < Turns; turn++)
            {
                for (int i = 0; i < contenders.Length; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    contenders[i](); // not timed: it brings its own data into the caches
                    long begin = Stopwatch.GetTimestamp();
                    contenders[i]();
                    turns[i].Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                }
            }

            for (int i = 0; i < contenders.Length; i++)
            {
                turns[i].Sort();
                total[i] += turns[i][Turns / 2] / options.Steps;
            }

            contenders[0]();
            kept += paths.Average(static path => KeptShare(path)) / options.Steps;
        }

        string kind = isDense ? "dense" : "conv";
        return new DepthBenchmarkCase(
            $"depth:{kind}:{mode.ToString().ToLowerInvariant()}", width, batch, rate, total[0], total[1], total[2],
            PeakMemory.Measure(() => Step(ours, input)), PeakMemory.Measure(() => Step(plain, input)), kept, total[0] / total[1]);
    }

    private static double KeptShare(StochasticDepth path)
    {
        using Tensor? mask = path.CurrentMask;
        using Tensor share = mask!.to(ScalarType.Float64).mean();
        return share.item<double>();
    }

    private static nn.Module<Tensor, Tensor> Branch(bool isDense, int width) => isDense
        ? nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 4L * width), nn.GELU(), nn.Linear(4L * width, width))
        : nn.Sequential(nn.Conv2d(width, width, 3, padding: 1), nn.ReLU(), nn.Conv2d(width, width, 3, padding: 1));

    private static void Step(nn.Module<Tensor, Tensor> model, Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (TorchSharp.Modules.Parameter parameter in model.parameters())
        {
            parameter.grad = null; // a branch that is not run has no gradient, and none is summed up
        }

        input.grad = null;
        model.call(input).mean().backward();
    }

    /// <summary>What torchvision and timm do: the branch is run for all rows, its output multiplied with a mask.</summary>
    private sealed class RowDrop : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _branch;
        private readonly double _keep;

        public RowDrop(nn.Module<Tensor, Tensor> branch, double dropRate)
            : base(nameof(RowDrop))
        {
            (_branch, _keep) = (branch, 1 - dropRate);
            register_module("branch", branch);
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            long[] shape = new long[input.dim()];
            Array.Fill(shape, 1);
            shape[0] = input.shape[0];
            Tensor mask = empty(shape).bernoulli_(_keep).div_(_keep);
            return (input + (_branch.call(input) * mask)).MoveToOuterDisposeScope();
        }
    }
}
