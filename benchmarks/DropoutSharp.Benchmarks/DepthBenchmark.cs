using System.Diagnostics;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Measures whether dropped residual branches take the share of the blocks' time that their survival probabilities promise, turn by turn in one process.</summary>
/// <remarks>
/// <para>
/// A step is forward and backward of a residual network in float32, from its first layer to a mean as loss, without an optimiser. Survival falls linearly with the depth (<see cref="DepthRates.Linear"/>;
/// with LayerDrop it is the same everywhere, at the linear rates' mean). What is outside of the blocks is measured as a network without blocks, and taken off both sides:
/// <c>(ours − outside)/(plain − outside)</c>.
/// </para>
/// <para>
/// How many branches are kept varies from step to step. The steps that are measured are neighbours in the stream of masks, the stretch of it whose kept share is nearest to the expected one: so the mean
/// over a few steps can be held against a promise that is an expectation. Each contender runs all steps in turn, three times; of each step the median counts, and of the steps the mean.
/// </para>
/// </remarks>
public static class DepthBenchmark
{
    private const int Turns = 3, Stretches = 1000;
    private const ulong Seed = 1;

    /// <summary>Measures case by case.</summary>
    /// <param name="options">Which cases.</param>
    /// <param name="measured">Called with each case as soon as it is measured.</param>
    /// <param name="cancellation">Ends the measurement between two steps.</param>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static void Run(DepthBenchmarkOptions options, Action<DepthBenchmarkCase> measured, CancellationToken cancellation = default)
    {
        LibtorchRuntime.EnsureLoaded();
        DepthNetwork[] networks =
        [
            .. options.Widths.Select(width => new DepthNetwork(IsDense: true, width, options.Blocks)),
            .. options.Maps.Select(width => new DepthNetwork(IsDense: false, width, options.Blocks)),
        ];
        foreach (DepthNetwork network in networks)
        {
            foreach (int batch in options.Batches)
            {
                foreach (double rate in options.Rates)
                {
                    foreach (DepthBenchmarkMode mode in options.Modes)
                    {
                        measured(Measure(options, network, batch, mode, rate, cancellation));
                    }
                }
            }
        }
    }

    private static DepthBenchmarkCase Measure(
        DepthBenchmarkOptions options, DepthNetwork network, int batch, DepthBenchmarkMode mode, double rate, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = network.Input(batch);
        DropRate[] rates = mode == DepthBenchmarkMode.LayerDrop
            ? [.. Enumerable.Repeat(new DropRate(rate * (options.Blocks + 1) / (2.0 * options.Blocks)), options.Blocks)]
            : [.. DepthRates.Linear(rate, options.Blocks)];
        double promised = rates.Average(static each => each.KeepProbability);
        uint first = FirstStep(mode, rates, batch, options.Steps, promised);
        (nn.Module<Tensor, Tensor> ours, Action<uint> seek) = Ours(network, mode, rates);
        nn.Module<Tensor, Tensor> plain = network.Around([.. rates.Select(_ => (nn.Module<Tensor, Tensor>)new Residual(network.Branch()))]);
        nn.Module<Tensor, Tensor> libtorch = network.Around([.. rates.Select(each => (nn.Module<Tensor, Tensor>)new RowDrop(network.Branch(), each))]);
        nn.Module<Tensor, Tensor> outside = network.Around([]);
        Action<uint>[] contenders =
        [
            step =>
            {
                seek(step);
                Step(ours, input);
            },
            _ => Step(plain, input),
            _ => Step(libtorch, input),
            _ => Step(outside, input),
        ];
        double[] means = Means(contenders, first, options.Steps, cancellation);
        return new DepthBenchmarkCase(
            $"depth:{network.Name}:{mode.ToString().ToLowerInvariant()}", network.Width, batch, rate, means[0], means[1], means[2],
            PeakMemory.Measure(() => contenders[0](first)), PeakMemory.Measure(() => Step(plain, input)),
            options.Blocks, means[3], promised, (means[0] - means[3]) / (means[1] - means[3]));
    }

    private static double[] Means(Action<uint>[] contenders, uint first, int steps, CancellationToken cancellation)
    {
        var turns = contenders.Select(_ => Enumerable.Range(0, steps).Select(static _ => new double[Turns]).ToArray()).ToArray();
        for (int turn = 0; turn < Turns; turn++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                contenders[i](first); // not timed: it brings the contender's own data into the caches
                for (int step = 0; step < steps; step++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    long begin = Stopwatch.GetTimestamp();
                    contenders[i](first + (uint)step);
                    turns[i][step][turn] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
                }
            }
        }

        return [.. turns.Select(static contender => contender.Average(static step => step.Order().ElementAt(Turns / 2)))];
    }

    /// <summary>The step from which on as many steps as are measured keep what is expected.</summary>
    private static uint FirstStep(DepthBenchmarkMode mode, DropRate[] rates, int batch, int steps, double promised)
    {
        double[] kept = [.. Enumerable.Range(0, Stretches + steps).Select(step => KeptShare(mode, rates, batch, (uint)step))];
        return (uint)Enumerable.Range(0, Stretches).MinBy(start => Math.Abs(kept.AsSpan(start, steps).ToArray().Average() - promised));
    }

    private static double KeptShare(DepthBenchmarkMode mode, DropRate[] rates, int batch, uint step) => mode switch
    {
        DepthBenchmarkMode.Batch => rates.Index().Average(each => new MaskStream(Seed, step, (uint)each.Index).CountKept(1, each.Item)),
        DepthBenchmarkMode.LayerDrop => (double)new MaskStream(Seed, step).CountKept(rates.Length, rates[0]) / rates.Length,
        DepthBenchmarkMode.FixedSubset => rates.Average(rate => (double)KeptTokens.Count(batch, rate) / batch),
        _ => rates.Index().Average(each => (double)new MaskStream(Seed, step, (uint)each.Index).CountKept(batch, each.Item) / batch),
    };

    private static (nn.Module<Tensor, Tensor> Network, Action<uint> Seek) Ours(DepthNetwork network, DepthBenchmarkMode mode, DropRate[] rates)
    {
        if (mode == DepthBenchmarkMode.LayerDrop)
        {
            var layers = new LayerDrop(rates.Select(_ => new Residual(network.Branch())), rates[0].Value, Seed);
            return (network.Around([layers]), step => layers.Position = new MaskStream(Seed, step));
        }

        StochasticDepthMode depth = Enum.Parse<StochasticDepthMode>(mode.ToString());
        StochasticDepth[] paths = [.. rates.Index().Select(each => new StochasticDepth(network.Branch(), each.Item.Value, depth, seed: Seed, site: (uint)each.Index))];
        return (network.Around(paths), step => Array.ForEach(paths, path => path.Position = path.Position with { Step = step }));
    }

    private static void Step(nn.Module<Tensor, Tensor> model, Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (TorchSharp.Modules.Parameter parameter in model.parameters())
        {
            parameter.grad = null; // a branch that is not run has no gradient, and none is summed up
        }

        model.call(input).mean().backward();
    }

    /// <summary>What torchvision and timm do: the branch is run for all rows, its output multiplied with a mask.</summary>
    private sealed class RowDrop : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _branch;
        private readonly double _keep;

        public RowDrop(nn.Module<Tensor, Tensor> branch, DropRate dropRate)
            : base(nameof(RowDrop))
        {
            (_branch, _keep) = (branch, dropRate.KeepProbability);
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
