using System.Diagnostics;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>
/// Measures T Monte-Carlo passes of a dense network beside T passes of the same network without dropout, and beside what users of PyTorch write: the model in training mode, T forward passes with
/// libtorch's dropout, stacked, and their mean. Turn by turn in one process.
/// </summary>
/// <remarks>All give the mean of the passes, in float32, with as many threads as libtorch uses.</remarks>
public static class MonteCarloBenchmark
{
    private const int LeastTurns = 2;
    private const int MostTurns = 50;

    /// <summary>Measures case by case.</summary>
    /// <param name="options">Which cases, and how long.</param>
    /// <param name="measured">Called with each case as soon as it is measured.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static void Run(MonteCarloBenchmarkOptions options, Action<NetworkBenchmarkCase> measured, CancellationToken cancellation = default)
    {
        LibtorchRuntime.EnsureLoaded();
        foreach (bool isShared in options.Shared)
        {
            foreach (int width in options.Widths)
            {
                foreach (int rows in options.Batches)
                {
                    foreach (double rate in options.Rates)
                    {
                        measured(Measure(options, isShared, width, rows, rate, cancellation));
                    }
                }
            }
        }
    }

    private static NetworkBenchmarkCase Measure(
        MonteCarloBenchmarkOptions options, bool isShared, int width, int rows, double rate, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        uint site = 0;
        Tensor input = randn(rows, options.Inputs);
        McDropout dropout = new(DenseNetwork.Create(options.Inputs, options.Layers, width, () => new Dropout(rate, seed: 1, site: site++)));
        McDropoutOptions asked = new(options.Passes, 1, isShared, options.RowsAtOnce, Execution: options.Execution, Workers: options.Workers);
        nn.Module<Tensor, Tensor> plain = DenseNetwork.Create(options.Inputs, options.Layers, width, null), libtorch = DenseNetwork.Create(options.Inputs, options.Layers, width, () => nn.Dropout(rate));
        plain.eval();
        libtorch.train();
        Action[] contenders =
        [
            () => Mean(dropout.Stream(input, asked), options.Passes),
            () => Mean(Passes(plain, input, options.Passes), options.Passes),
            () => StackedMean(libtorch, input, options.Passes),
        ];
        double[] medians = Turns(contenders, options.SecondsPerCase, cancellation);
        return new NetworkBenchmarkCase(
            isShared ? "mc:shared" : "mc:rows", width, rows, rate, medians[0], medians[1], medians[2],
            PeakMemory.Measure(contenders[0]), PeakMemory.Measure(contenders[1]));
    }

    private static IEnumerable<Tensor> Passes(nn.Module<Tensor, Tensor> model, Tensor input, int passes)
    {
        using IDisposable noGradient = no_grad();
        for (int pass = 0; pass < passes; pass++)
        {
            yield return model.call(input);
        }
    }

    private static void Mean(IEnumerable<Tensor> outputs, int passes)
    {
        using IDisposable noGradient = no_grad();
        Tensor? sum = null;
        foreach (Tensor output in outputs)
        {
            if (sum is null)
            {
                sum = output;
                continue;
            }

            sum.add_(output);
            output.Dispose();
        }

        using Scalar count = passes;
        sum!.div_(count).Dispose(); // at least one pass
    }

    private static void StackedMean(nn.Module<Tensor, Tensor> model, Tensor input, int passes)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        stack([.. Passes(model, input, passes)], 0).mean([0]);
    }

    /// <summary>Medians in milliseconds, turn by turn: a turn takes as long as many passes do, and there are few of them.</summary>
    private static double[] Turns(Action[] contenders, double seconds, CancellationToken cancellation)
    {
        Array.ForEach(contenders, static contender => contender());
        var samples = contenders.Select(static _ => new List<double>()).ToArray();
        long start = Stopwatch.GetTimestamp();
        while (samples[0].Count < LeastTurns || (samples[0].Count < MostTurns && Stopwatch.GetElapsedTime(start).TotalSeconds < seconds))
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                long begin = Stopwatch.GetTimestamp();
                contenders[i]();
                samples[i].Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }
        }

        return [.. samples.Select(static each => each.Order().Skip((each.Count - 1) / 2).First())];
    }
}
