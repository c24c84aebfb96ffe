using DropoutSharp.Torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Measures the constants by which a <see cref="ThinnedNetwork"/> and Monte-Carlo passes choose: each of the operations that they stand for, by itself.</summary>
/// <remarks>
/// The three products of a linear layer's training step take <c>rows · ProductNs + WeightNs</c> a weight: the line through the times of several numbers of rows gives both. Copying, writing and adding are timed on the half of a square matrix's rows and the
/// half of its columns that a mask kept, stepping on the whole matrix; the matrices take turns, so that they come from memory. Products of few rows, one a thread, read kept weights of one matrix where they lie: what they take beyond their products is those weights' way. What a layer costs whatever its size is the difference between a step of a network too small for anything else, thinned and not;
/// what a step of a Monte-Carlo pass costs is what passes of such a network take.
/// </remarks>
public static class CostBenchmark
{
    /// <summary>Measures constant by constant.</summary>
    /// <param name="widths">How many inputs and outputs the layers have, case by case.</param>
    /// <param name="secondsPerCase">How long a width is measured, in seconds.</param>
    /// <param name="measured">Called with each constant, when all widths are measured.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <returns>The constants of a network, to hand to it; those of Monte-Carlo passes alone are only reported.</returns>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static ThinningCosts Run(IReadOnlyList<int> widths, double secondsPerCase, Action<CostBenchmarkCase> measured, CancellationToken cancellation = default) =>
        Run(widths, new ContestTimer(TimeSpan.FromSeconds(secondsPerCase), cancellation), measured);

    /// <summary>The same with another clock.</summary>
    internal static ThinningCosts Run(IReadOnlyList<int> widths, ICostTimer timer, Action<CostBenchmarkCase> measured)
    {
        LibtorchRuntime.EnsureLoaded();
        McCosts[] ofWidths = [.. widths.Select(width => Measure(width, timer))];
        double layer = MeasureLayer(timer);
        (double call, double thinnedCall) = MeasureCalls(timer);
        ofWidths = [.. ofWidths.Select(costs => costs with { Layers = costs.Layers with { LayerNs = layer }, CallNs = call, ThinnedCallNs = thinnedCall })];
        ThinningCosts layers = new(
            ProductNs: Middle(nameof(ThinningCosts.ProductNs), static costs => costs.Layers.ProductNs),
            WeightNs: Middle(nameof(ThinningCosts.WeightNs), static costs => costs.Layers.WeightNs),
            TakeNs: Middle(nameof(ThinningCosts.TakeNs), static costs => costs.Layers.TakeNs),
            PutNs: Middle(nameof(ThinningCosts.PutNs), static costs => costs.Layers.PutNs),
            AddNs: Middle(nameof(ThinningCosts.AddNs), static costs => costs.Layers.AddNs),
            StepNs: Middle(nameof(ThinningCosts.StepNs), static costs => costs.Layers.StepNs),
            LayerNs: Middle(nameof(ThinningCosts.LayerNs), static costs => costs.Layers.LayerNs));
        Middle(nameof(McCosts.RetakeNs), static costs => costs.RetakeNs);
        Middle(nameof(McCosts.UncopiedNs), static costs => costs.UncopiedNs);
        Middle(nameof(McCosts.ElementNs), static costs => costs.ElementNs);
        Middle(nameof(McCosts.CallNs), static costs => costs.CallNs);
        Middle(nameof(McCosts.ThinnedCallNs), static costs => costs.ThinnedCallNs);
        return layers;

        double Middle(string name, Func<McCosts, double> constant)
        {
            List<double> values = [.. ofWidths.Select(constant)];
            double median = Contest.Median(values);
            measured(new CostBenchmarkCase(name, median, values.Min(), values.Max(), constant(McCosts.Default)));
            return median;
        }
    }

    private static McCosts Measure(int width, ICostTimer timer)
    {
        using LayerOperations layer = new(width);
        IReadOnlyDictionary<CostOperation, double> times = timer.Time(layer.Works);
        double weights = (double)width * width;
        int least = LayerOperations.Rows[0], most = LayerOperations.Rows[^1];
        LineFit products = LineFit.Through(
            [.. LayerOperations.Rows.Select(static rows => (double)rows)], [.. LayerOperations.Rows.Select(rows => times[new(CostKind.Products, width, rows)] / (3 * weights))]);
        return new McCosts(
            default(ThinningCosts) with
            {
                ProductNs = products.Slope,
                WeightNs = Math.Max(0, products.Intercept),
                TakeNs = times[new(CostKind.Take, width)] / layer.KeptWeights,
                PutNs = times[new(CostKind.Put, width)] / weights,
                AddNs = times[new(CostKind.Add, width)] / layer.KeptWeights,
                StepNs = times[new(CostKind.Step, width)] / weights,
            },
            RetakeNs: times[new(CostKind.Retake, width)] / layer.KeptWeights,
            UncopiedNs: Math.Max(0, (times[new(CostKind.Uncopied, width, least)] / (layer.UncopiedAtOnce * layer.KeptWeights)) - (least * products.Slope)),
            ElementNs: times[new(CostKind.Activate, width, most)] / ((double)most * width),
            CallNs: 0,
            ThinnedCallNs: 0);
    }

    private static double MeasureLayer(ICostTimer timer)
    {
        CostOperation thinned = new(CostKind.ThinnedStep, TinyTrainingStep.Width), ordinary = new(CostKind.OrdinaryStep, TinyTrainingStep.Width);
        using TinyTrainingStep thinnedStep = new(ThinningChoice.Always), ordinaryStep = new(ThinningChoice.Never);
        IReadOnlyDictionary<CostOperation, double> times = timer.Time(new Dictionary<CostOperation, CostWork> { [thinned] = thinnedStep.Work, [ordinary] = ordinaryStep.Work });
        return Math.Max(0, times[thinned] - times[ordinary]) / TinyTrainingStep.Products;
    }

    private static (double CallNs, double ThinnedCallNs) MeasureCalls(ICostTimer timer)
    {
        CostOperation thinned = new(CostKind.ThinnedPasses, TinyPasses.Width), full = new(CostKind.FullPasses, TinyPasses.Width);
        using TinyPasses thinnedPasses = new(McExecution.Thinned), fullPasses = new(McExecution.Split);
        IReadOnlyDictionary<CostOperation, double> times = timer.Time(new Dictionary<CostOperation, CostWork> { [thinned] = thinnedPasses.Work, [full] = fullPasses.Work });
        return (times[full] / fullPasses.Calls, times[thinned] / thinnedPasses.Calls);
    }
}
