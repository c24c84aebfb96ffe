using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Measures modules beside TorchSharp's, from small tensors on: what a call costs that has little to drop, and what a mask costs that many elements share.</summary>
/// <remarks>
/// Forward alone without a graph, and forward and backward together: the gradient of the input for a given gradient of ones, which nothing sums up or stores. The third contender returns
/// an alias of its input and shows what a graph costs that does nothing. SpatialDropout2d drops maps of 16×16 in tensors of as many elements.
/// </remarks>
public static class ModuleBenchmark
{
    private const long MapElements = 16 * 16;

    /// <summary>Measures case by case.</summary>
    /// <param name="elements">How many float32 elements a tensor has, case by case.</param>
    /// <param name="secondsPerCase">How long a case is measured, in seconds.</param>
    /// <param name="measured">Called with each case as soon as it is measured.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static void Run(
        IReadOnlyList<long> elements, double secondsPerCase, Action<ModuleBenchmarkCase> measured, CancellationToken cancellation = default)
    {
        LibtorchRuntime.EnsureLoaded();
        int threads = get_num_threads();
        try
        {
            set_num_threads(1);
            foreach (long count in elements)
            {
                foreach (bool backward in new[] { false, true })
                {
                    TimeSpan budget = TimeSpan.FromSeconds(secondsPerCase);
                    using Dropout dropout = new(0.5, seed: 1);
                    using TorchSharp.Modules.Dropout theirs = nn.Dropout(0.5);
                    measured(Measure(nameof(Dropout), dropout.forward, theirs.forward, [count], backward, budget, cancellation));
                    if (count % MapElements == 0)
                    {
                        using SpatialDropout2d spatial = new(0.5, seed: 1);
                        using TorchSharp.Modules.Dropout2d theirMaps = nn.Dropout2d(0.5);
                        measured(Measure(nameof(SpatialDropout2d), spatial.forward, theirMaps.forward, [1, count / MapElements, 16, 16], backward, budget, cancellation));
                    }
                }
            }
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static ModuleBenchmarkCase Measure(
        string module, Func<Tensor, Tensor> ours, Func<Tensor, Tensor> theirs, long[] shape, bool backward, TimeSpan budget, CancellationToken cancellation)
    {
        using Tensor input = randn(shape).requires_grad_(backward), gradient = ones(shape);
        double[] medians = Contest.Run(
            budget,
            threaded: false,
            cancellation,
            () => Step(ours),
            () => Step(theirs),
            () => Step(static tensor => tensor.alias()));
        return new ModuleBenchmarkCase(
            backward ? "module_forward_backward" : "module_forward", module, input.numel(), medians[0] / 1000, medians[1] / 1000, medians[2] / 1000);

        void Step(Func<Tensor, Tensor> forward)
        {
            using Tensor output = forward(input);
            if (backward)
            {
                autograd.grad([output], [input], [gradient])[0].Dispose();
            }
        }
    }
}
