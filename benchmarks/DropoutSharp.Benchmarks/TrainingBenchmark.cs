using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>
/// Measures training steps of a dense network with masks that a batch shares, run thinned, beside the same network without dropout and with libtorch's dropout, turn by turn in one process.
/// </summary>
/// <remarks>
/// A step is forward, cross-entropy, backward and optimiser, in float32, with as many threads as libtorch uses. The network: inputs, hidden layers of one width with ReLU and dropout behind each, ten classes.
/// This project's optimisers step both the thinned network and the one without dropout, TorchSharp's the one with libtorch's dropout, as their users would run them.
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
        // The peaks first, each from the same state: every contender has run once, so that what libraries keep for good is there.
        foreach (Contender each in (Contender[])[Ours, Plain])
        {
            using Case warm = each();
            warm.Step();
        }

        double oursPeak = PeakMemory.OfCase(() => Ours()), plainPeak = PeakMemory.OfCase(() => Plain());
        using Case ours = Ours(), plain = Plain(), libtorch = Create(DenseNetwork.Create(options.Inputs, options.Layers, width, () => nn.Dropout(rate)), options, optimizer, isThinned: false, batch);
        double[] medians = Contest.Run(TimeSpan.FromSeconds(options.SecondsPerCase), threaded: false, cancellation, ours.Step, plain.Step, libtorch.Step);
        return new NetworkBenchmarkCase(
            $"train:{optimizer.ToString().ToLowerInvariant()}", width, batch, rate, medians[0] / 1e6, medians[1] / 1e6, medians[2] / 1e6, oursPeak, plainPeak);

        Case Ours()
        {
            uint site = 0;
            nn.Module<Tensor, Tensor> network = DenseNetwork.Create(options.Inputs, options.Layers, width, () => new BatchwiseDropout(rate, seed: 1, site: site++, groups: options.Groups));
            return Create(new ThinnedNetwork(network, options.Always ? ThinningChoice.Always : ThinningChoice.WhereFaster), options, optimizer, !options.HasWholeGradients, batch);
        }

        Case Plain() => Create(DenseNetwork.Create(options.Inputs, options.Layers, width, null), options, optimizer, !options.HasWholeGradients, batch);
    }

    private static Case Create(nn.Module<Tensor, Tensor> model, TrainingBenchmarkOptions options, TrainingBenchmarkOptimizer kind, bool isThinned, int batch)
    {
        TorchSharp.Modules.Parameter[] parameters = [.. model.parameters()];
        optim.Optimizer optimizer = kind switch
        {
            TrainingBenchmarkOptimizer.Sgd => isThinned ? new ThinnedSgd(parameters, 1e-3) : optim.SGD(parameters, 1e-3),
            TrainingBenchmarkOptimizer.Momentum => isThinned ? new ThinnedSgd(parameters, 1e-3, momentum: 0.9) : optim.SGD(parameters, 1e-3, momentum: 0.9),
            TrainingBenchmarkOptimizer.Adam => isThinned ? new ThinnedAdam(parameters, 1e-4) : optim.Adam(parameters, 1e-4),
            _ => isThinned ? new ThinnedAdamW(parameters, 1e-4) : optim.AdamW(parameters, 1e-4),
        };
        return new Case(model, optimizer, randn(batch, options.Inputs).DetachFromDisposeScope(), randint(DenseNetwork.Classes, [batch], ScalarType.Int64).DetachFromDisposeScope());
    }

    private delegate Case Contender();

    /// <summary>A network in training.</summary>
    private sealed class Case(nn.Module<Tensor, Tensor> model, optim.Optimizer optimizer, Tensor input, Tensor classes) : PeakMemory.ICase
    {
        private readonly TorchSharp.Modules.Parameter[] _parameters = [.. model.parameters()];

        public void Step()
        {
            using DisposeScope scope = NewDisposeScope();
            foreach (TorchSharp.Modules.Parameter parameter in _parameters)
            {
                parameter.grad = null;
            }

            nn.functional.cross_entropy(model.call(input), classes).backward();
            optimizer.step();
        }

        public void Dispose()
        {
            foreach (TorchSharp.Modules.Parameter parameter in _parameters)
            {
                parameter.grad = null;
            }

            optimizer.Dispose();
            model.Dispose();
            input.Dispose();
            classes.Dispose();
        }
    }
}
