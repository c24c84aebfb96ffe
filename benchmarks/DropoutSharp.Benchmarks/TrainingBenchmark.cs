using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>
/// Measures training steps of a dense network with masks that a batch shares, run thinned, beside the same network without dropout and with libtorch's dropout, turn by turn in one process.
/// </summary>
/// <remarks>
/// A step is forward, cross-entropy, backward and optimiser, in float32, with as many threads as libtorch uses. The network: inputs, hidden layers of one width with ReLU and dropout behind each, ten classes.
/// Gradients are let go before each step, as PyTorch's <c>zero_grad</c> does; TorchSharp's optimisers overwrite them with zeros instead, to which the next backward pass adds.
/// </remarks>
public static class TrainingBenchmark
{
    /// <summary>Measures case by case.</summary>
    /// <param name="options">Which cases, and how long.</param>
    /// <param name="measured">Called with each case as soon as it is measured.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static void Run(TrainingBenchmarkOptions options, Action<NetworkBenchmarkCase> measured, CancellationToken cancellation = default)
    {
        LibtorchRuntime.EnsureLoaded();
        foreach (TrainingBenchmarkOptimizer optimizer in options.Optimizers)
        {
            foreach (int width in options.Widths)
            {
                foreach (int batch in options.Batches)
                {
                    foreach (double rate in options.Rates)
                    {
                        measured(Measure(options, optimizer, width, batch, rate, cancellation));
                    }
                }
            }
        }
    }

    private static NetworkBenchmarkCase Measure(
        TrainingBenchmarkOptions options, TrainingBenchmarkOptimizer optimizer, int width, int batch, double rate, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        uint site = 0;
        ThinnedNetwork ours = new(
            DenseNetwork.Create(options.Inputs, options.Layers, width, () => new BatchwiseDropout(rate, seed: 1, site: site++, groups: options.Groups)),
            options.Always ? ThinningChoice.Always : ThinningChoice.WhereFaster);
        Action thinned = Step(ours, options, optimizer, batch);
        Action plain = Step(DenseNetwork.Create(options.Inputs, options.Layers, width, null), options, optimizer, batch);
        Action libtorch = Step(DenseNetwork.Create(options.Inputs, options.Layers, width, () => nn.Dropout(rate)), options, optimizer, batch);
        double[] medians = Contest.Run(TimeSpan.FromSeconds(options.SecondsPerCase), threaded: false, cancellation, thinned, plain, libtorch);
        return new NetworkBenchmarkCase(
            $"train:{optimizer.ToString().ToLowerInvariant()}", width, batch, rate, medians[0] / 1e6, medians[1] / 1e6, medians[2] / 1e6,
            PeakMemory.Measure(thinned), PeakMemory.Measure(plain));
    }

    private static Action Step(nn.Module<Tensor, Tensor> model, TrainingBenchmarkOptions options, TrainingBenchmarkOptimizer kind, int batch)
    {
        Tensor input = randn(batch, options.Inputs), classes = randint(DenseNetwork.Classes, [batch], ScalarType.Int64);
        optim.Optimizer optimizer = kind switch
        {
            TrainingBenchmarkOptimizer.Sgd => optim.SGD(model.parameters(), 1e-3),
            TrainingBenchmarkOptimizer.Momentum => optim.SGD(model.parameters(), 1e-3, momentum: 0.9),
            TrainingBenchmarkOptimizer.Adam => optim.Adam(model.parameters(), 1e-4),
            _ => optim.AdamW(model.parameters(), 1e-4),
        };
        TorchSharp.Modules.Parameter[] parameters = [.. model.parameters()];
        return () =>
        {
            using DisposeScope scope = NewDisposeScope();
            foreach (TorchSharp.Modules.Parameter parameter in parameters)
            {
                parameter.grad = null;
            }

            nn.functional.cross_entropy(model.call(input), classes).backward();
            optimizer.step();
        };
    }
}
