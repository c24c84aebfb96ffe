using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Measures modules beside TorchSharp's, from small tensors on: what a call costs that has little to drop, and what a mask costs that many elements share.</summary>
/// <remarks>
/// Forward alone without a graph, and forward and backward together: the gradient of the input for a given gradient of ones, which nothing sums up or stores. The second contender is this project's elementwise
/// dropout on the same tensor, the last returns an alias of its input and shows what a graph costs that does nothing. SpatialDropout2d and DropBlock2d, with blocks of 7, drop from maps of 16×16 and 28×28 in tensors of as many
/// elements, SpatialDropout1d and 3d, FeatureAlphaDropout and DropPath from maps and rows of 256.
/// </remarks>
public static class ModuleBenchmark
{
    private const int Block = 7;
    private const int Cells = 256;

    private static readonly int[] MapSizes = [16, 28];

    /// <summary>Measures case by case.</summary>
    /// <param name="elements">How many float32 elements a tensor has, case by case.</param>
    /// <param name="rates">Drop rates, case by case.</param>
    /// <param name="threads">With how many threads, libtorch's and ours alike, case by case; empty for as many as libtorch uses.</param>
    /// <param name="secondsPerCase">How long a case is measured, in seconds.</param>
    /// <param name="measured">Called with each case as soon as it is measured.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static void Run(
        IReadOnlyList<long> elements,
        IReadOnlyList<double> rates,
        IReadOnlyList<int> threads,
        double secondsPerCase,
        Action<ModuleBenchmarkCase> measured,
        CancellationToken cancellation = default)
    {
        LibtorchRuntime.EnsureLoaded();
        int before = get_num_threads();
        try
        {
            foreach (long count in elements)
            {
                foreach (int threadCount in threads is [] ? [before] : threads)
                {
                    set_num_threads(threadCount);
                    foreach (double rate in rates)
                    {
                        MeasureModules(count, rate, TimeSpan.FromSeconds(secondsPerCase), measured, cancellation);
                    }
                }
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static void MeasureModules(long count, double rate, TimeSpan budget, Action<ModuleBenchmarkCase> measured, CancellationToken cancellation)
    {
        foreach (bool backward in new[] { false, true })
        {
            foreach ((string module, long[] shape, nn.Module<Tensor, Tensor> ours, Func<Tensor, Tensor> theirs) in Modules(count, rate))
            {
                using (ours)
                {
                    measured(Measure(module, rate, ours.call, theirs, shape, backward, budget, cancellation));
                }
            }
        }
    }

    private static IEnumerable<(string Module, long[] Shape, nn.Module<Tensor, Tensor> Ours, Func<Tensor, Tensor> Theirs)> Modules(long count, double rate)
    {
        yield return (nameof(Dropout), [count], new Dropout(rate, seed: 1), nn.Dropout(rate).call);
        foreach (int size in MapSizes)
        {
            long maps = count / (size * size);
            if (maps > 0)
            {
                long[] shape = [1, maps, size, size];
                yield return ($"{nameof(SpatialDropout2d)} {size}×{size}", shape, new SpatialDropout2d(rate, seed: 1), nn.Dropout2d(rate).call);
                yield return ($"{nameof(DropBlock2d)} {size}×{size}", shape, new DropBlock2d(rate, Block, seed: 1), input => TorchvisionDropBlock(input, rate));
            }
        }

        long runs = count / Cells;
        if (runs > 0)
        {
            yield return ($"{nameof(SpatialDropout1d)} {Cells}", [1, runs, Cells], new SpatialDropout1d(rate, seed: 1), nn.Dropout1d(rate).call);
            yield return ($"{nameof(SpatialDropout3d)} 4×8×8", [1, runs, 4, 8, 8], new SpatialDropout3d(rate, seed: 1), nn.Dropout3d(rate).call);
            yield return ($"{nameof(FeatureAlphaDropout)} {Cells}", [1, runs, Cells], new FeatureAlphaDropout(rate, seed: 1), nn.FeatureAlphaDropout(rate).call);
            yield return ($"{nameof(DropPath)} {Cells}", [runs, Cells], new DropPath(rate, seed: 1), input => TorchvisionStochasticDepth(input, rate));
        }
    }

    /// <summary>torchvision's stochastic_depth of rows: a product with a number a row.</summary>
    private static Tensor TorchvisionStochasticDepth(Tensor input, double rate)
    {
        using var scope = NewDisposeScope();
        Tensor noise = empty(input.shape[0], 1).bernoulli_(1 - rate);
        return (input * (noise / (1 - rate))).MoveToOuterDisposeScope();
    }

    /// <summary>torchvision's drop_block2d: seeds where whole blocks fit, widened by a maximum over their neighbours.</summary>
    private static Tensor TorchvisionDropBlock(Tensor input, double rate)
    {
        using var scope = NewDisposeScope();
        long[] shape = input.shape;
        (long rows, long columns) = (shape[2] - Block + 1, shape[3] - Block + 1);
        double gamma = rate * shape[2] * shape[3] / (Block * Block * rows * columns);
        Tensor mask = empty(shape[0], shape[1], rows, columns).bernoulli_(Math.Min(1, gamma));
        mask = nn.functional.pad(mask, [Block / 2, Block / 2, Block / 2, Block / 2]);
        mask = 1 - nn.functional.max_pool2d(mask, Block, stride: 1, padding: Block / 2);
        Tensor scale = mask.numel() / (mask.sum() + 1e-6);
        return (input * mask * scale).MoveToOuterDisposeScope();
    }

    private static ModuleBenchmarkCase Measure(
        string module,
        double rate,
        Func<Tensor, Tensor> ours,
        Func<Tensor, Tensor> theirs,
        long[] shape,
        bool backward,
        TimeSpan budget,
        CancellationToken cancellation)
    {
        using Tensor input = randn(shape).requires_grad_(backward), gradient = ones(shape);
        using Dropout elementwise = new(rate, seed: 1);
        double[] medians = Contest.Run(
            budget,
            threaded: false,
            cancellation,
            () => Step(ours),
            () => Step(elementwise.forward),
            () => Step(theirs),
            () => Step(static tensor => tensor.alias()));
        return new ModuleBenchmarkCase(
            backward ? "module_forward_backward" : "module_forward", module, input.numel(), get_num_threads(), rate, medians[0] / 1000, medians[1] / 1000, medians[2] / 1000, medians[3] / 1000);

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
