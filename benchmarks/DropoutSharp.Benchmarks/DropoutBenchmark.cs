using System.Runtime.InteropServices;
using DropoutSharp.Torch;
using TorchSharp;

namespace DropoutSharp.Benchmarks;

/// <summary>Measures dropout beside what a user would run instead: libtorch's dropout, and, as the bound of any, a memory copy.</summary>
/// <remarks>
/// float32, from one piece of memory to another. libtorch's operation makes its result itself, as every caller's does; it is freed within
/// the sample. All three may use the same number of threads.
/// </remarks>
public static unsafe class DropoutBenchmark
{
    /// <summary>Measures case by case.</summary>
    /// <param name="options">Which cases, and how long.</param>
    /// <param name="measured">Called with each case as soon as it is measured.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static void Run(DropoutBenchmarkOptions options, Action<BenchmarkCase> measured, CancellationToken cancellation = default)
    {
        LibtorchRuntime.EnsureLoaded();
        int torchThreads = torch.get_num_threads(), ownThreads = DropoutPrimitives.MaxDegreeOfParallelism;
        try
        {
            WarmUp(cancellation);
            foreach (int threads in options.Threads)
            {
                torch.set_num_threads(threads);
                DropoutPrimitives.MaxDegreeOfParallelism = threads;
                foreach (double keep in options.KeepProbabilities)
                {
                    foreach (long elements in options.Elements)
                    {
                        measured(Measure(elements, threads, keep, TimeSpan.FromSeconds(options.SecondsPerCase), cancellation));
                    }
                }
            }
        }
        finally
        {
            torch.set_num_threads(torchThreads);
            DropoutPrimitives.MaxDegreeOfParallelism = ownThreads;
        }
    }

    /// <summary>Half a second of a small case brings all code to its last tier, so that the first case is measured like the others.</summary>
    private static void WarmUp(CancellationToken cancellation) => Measure(1 << 12, 1, 0.8, TimeSpan.FromSeconds(0.5), cancellation);

    private static BenchmarkCase Measure(long elements, int threads, double keep, TimeSpan budget, CancellationToken cancellation)
    {
        DropRate dropRate = DropRate.FromKeepProbability(keep);
        using torch.Tensor input = torch.randn(elements);
        float* x = (float*)input.storage<float>().data_ptr();
        float* destination = (float*)NativeMemory.AlignedAlloc((nuint)elements * sizeof(float), 64);
        try
        {
            uint step = 0;
            double[] medians = Contest.Run(
                budget,
                threads > 1,
                cancellation,
                () => DropoutPrimitives.Dropout(x, destination, elements, dropRate, dropRate.InvertedScale, new MaskStream(1, step++)),
                () => torch.nn.functional.dropout(input, dropRate.Value, training: true).Dispose(),
                () => Copy(x, destination, elements, threads));
            return new BenchmarkCase(
                "dropout", elements, threads, keep, medians[0] / elements, medians[1] / elements, medians[2] / elements);
        }
        finally
        {
            NativeMemory.AlignedFree(destination);
        }
    }

    /// <summary>A copy in as many equal parts as there are threads.</summary>
    private static void Copy(float* x, float* destination, long elements, int threads) =>
        ForkJoin.Run(elements, (elements + threads - 1) / threads, threads, new CopyWork(x, destination));

    private readonly struct CopyWork(float* x, float* destination) : IRangeWork
    {
        public void Invoke(long start, long end) =>
            Buffer.MemoryCopy(x + start, destination + start, (end - start) * sizeof(float), (end - start) * sizeof(float));
    }
}
