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
/// over a few steps can be held against a promise that is an expectation. All modes, the plain network, the plain network on as many rows as the promise says, libtorch's operations and the network without blocks take
/// a step one after the other, in alternate order, step by step and turn by turn, all with the same branches, whose weights are as warm for the one as for the other. Shares are formed within a turn, so that a machine that slows down
/// does so for both sides, and the median of the turns' shares counts. Before the first turn each has taken all of its steps once: a convolution is compiled anew for every number of rows that it meets.
/// </para>
/// </remarks>
public static class DepthBenchmark
{
    private const int Stretches = 1000;
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
                    foreach (DepthBenchmarkCase each in Measure(options, network, batch, rate, cancellation))
                    {
                        measured(each);
                    }
                }
            }
        }
    }

    private static IEnumerable<DepthBenchmarkCase> Measure(
        DepthBenchmarkOptions options, DepthNetwork network, int batch, double rate, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        DropRate[] linear = [.. DepthRates.Linear(rate, options.Blocks)];
        double promised = linear.Average(static each => each.KeepProbability);
        Tensor input = network.Input(batch), fewer = network.Input(Math.Max(1, (int)Math.Round(batch * promised)));
        nn.Module<Tensor, Tensor>[] branches = [.. linear.Select(_ => network.Branch())];
        nn.Module<Tensor, Tensor> plain = network.Around([.. branches.Select(static branch => new Residual(branch))]);
        nn.Module<Tensor, Tensor> libtorch = network.Around([.. branches.Zip(linear, static (branch, each) => new RowDrop(branch, each))]);
        nn.Module<Tensor, Tensor> outside = network.Around([]);
        Action<uint>[] contenders =
        [
            _ => Step(plain, input),
            _ => Step(libtorch, input),
            _ => Step(plain, fewer),
            _ => Step(outside, input),
            .. options.Modes.Select(mode => Contender(options, network, branches, mode, linear, input)),
        ];
        double[][][] times = Times(contenders, options.Steps, options.Turns, cancellation);
        DepthShare all = DepthShare.Of(times[0], times[0], times[3]), rows = DepthShare.Of(times[2], times[0], times[3]);
        double libtorchMs = DepthShare.Mean(times[1]), outsideMs = DepthShare.Mean(times[3]), plainPeak = PeakMemory.Measure(() => contenders[0](0));
        foreach ((int index, DepthBenchmarkMode mode) in options.Modes.Index())
        {
            DepthShare ours = DepthShare.Of(times[index + 4], times[0], times[3]);
            yield return new DepthBenchmarkCase(
                $"depth:{network.Name}:{mode.ToString().ToLowerInvariant()}", network.Width, batch, rate, ours.Ms, all.Ms, libtorchMs,
                PeakMemory.Measure(() => contenders[index + 4](0)), plainPeak, options.Blocks, outsideMs, rows.Ms, promised, rows.Share, ours.Share, ours.Low, ours.High, rows.Low, rows.High, options.Turns);
        }
    }

    private static Action<uint> Contender(
        DepthBenchmarkOptions options, DepthNetwork network, nn.Module<Tensor, Tensor>[] branches, DepthBenchmarkMode mode, DropRate[] linear, Tensor input)
    {
        double promised = linear.Average(static each => each.KeepProbability);
        DropRate[] rates = mode == DepthBenchmarkMode.LayerDrop ? [.. Enumerable.Repeat(new DropRate(1 - promised), linear.Length)] : linear;
        uint first = FirstStep(mode, rates, (int)input.shape[0], options.Steps, promised);
        (nn.Module<Tensor, Tensor> model, Action<uint> seek) = Ours(network, branches, mode, rates);
        return step =>
        {
            seek(first + step);
            Step(model, input);
        };
    }

    /// <summary>The times in milliseconds: contender by contender, step by step, turn by turn.</summary>
    private static double[][][] Times(Action<uint>[] contenders, int steps, int turns, CancellationToken cancellation)
    {
        double[][][] times = [.. contenders.Select(_ => Enumerable.Range(0, steps).Select(_ => new double[turns]).ToArray())];
        for (int turn = -1; turn < turns; turn++)
        {
            for (int step = 0; step < steps; step++)
            {
                for (int place = 0; place < contenders.Length; place++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    int contender = (turn + step) % 2 == 0 ? place : contenders.Length - 1 - place;
                    long begin = Stopwatch.GetTimestamp();
                    contenders[contender]((uint)step);
                    if (turn >= 0)
                    {
                        times[contender][step][turn] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
                    }
                }
            }
        }

        return times;
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

    private static (nn.Module<Tensor, Tensor> Network, Action<uint> Seek) Ours(
        DepthNetwork network, nn.Module<Tensor, Tensor>[] branches, DepthBenchmarkMode mode, DropRate[] rates)
    {
        if (mode == DepthBenchmarkMode.LayerDrop)
        {
            var layers = new LayerDrop(branches.Select(static branch => new Residual(branch)), rates[0].Value, Seed);
            return (network.Around([layers]), step => layers.Position = new MaskStream(Seed, step));
        }

        StochasticDepthMode depth = Enum.Parse<StochasticDepthMode>(mode.ToString());
        StochasticDepth[] paths = [.. rates.Index().Select(each => new StochasticDepth(branches[each.Index], each.Item.Value, depth, seed: Seed, site: (uint)each.Index))];
        return (network.Around(paths), step => Array.ForEach(paths, path => path.Position = path.Position with { Step = step }));
    }

    private static void Step(nn.Module<Tensor, Tensor> model, Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        model.call(input).mean().backward();
        foreach (TorchSharp.Modules.Parameter parameter in model.parameters())
        {
            parameter.grad = null; // a branch that is not run has no gradient, and none is summed up
        }
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
