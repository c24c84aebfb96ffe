using DropoutSharp.Torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Measures the constants by which a <see cref="ThinnedNetwork"/> chooses: each of the operations that they stand for, by itself.</summary>
/// <remarks>
/// The three products of a linear layer's training step take <c>rows · ProductNs + WeightNs</c> a weight: the line through the times of several numbers of rows gives both. Copying, writing and adding are timed on the half of a square matrix's rows and the
/// half of its columns that a mask kept, stepping on the whole matrix. What a layer costs whatever its size is the difference between a step of a network too small for anything else, thinned and not.
/// </remarks>
public static class ThinningCostsBenchmark
{
    /// <summary>Measures constant by constant.</summary>
    /// <param name="widths">How many inputs and outputs the layers have, case by case.</param>
    /// <param name="secondsPerCase">How long a width is measured, in seconds.</param>
    /// <param name="measured">Called with each constant, when all widths are measured.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <returns>The constants, to hand to a network.</returns>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static ThinningCosts Run(IReadOnlyList<int> widths, double secondsPerCase, Action<ThinningCostsCase> measured, CancellationToken cancellation = default) =>
        Run(widths, new ContestTimer(TimeSpan.FromSeconds(secondsPerCase), cancellation), measured);

    /// <summary>The same with another clock.</summary>
    internal static ThinningCosts Run(IReadOnlyList<int> widths, ICostTimer timer, Action<ThinningCostsCase> measured)
    {
        LibtorchRuntime.EnsureLoaded();
        ThinningCosts[] ofWidths = [.. widths.Select(width => Measure(width, timer))];
        double layer = MeasureLayer(timer);
        ofWidths = [.. ofWidths.Select(costs => costs with { LayerNs = layer })];
        return new ThinningCosts(
            ProductNs: Middle(nameof(ThinningCosts.ProductNs), static costs => costs.ProductNs),
            WeightNs: Middle(nameof(ThinningCosts.WeightNs), static costs => costs.WeightNs),
            TakeNs: Middle(nameof(ThinningCosts.TakeNs), static costs => costs.TakeNs),
            PutNs: Middle(nameof(ThinningCosts.PutNs), static costs => costs.PutNs),
            AddNs: Middle(nameof(ThinningCosts.AddNs), static costs => costs.AddNs),
            StepNs: Middle(nameof(ThinningCosts.StepNs), static costs => costs.StepNs),
            LayerNs: Middle(nameof(ThinningCosts.LayerNs), static costs => costs.LayerNs));

        double Middle(string name, Func<ThinningCosts, double> constant)
        {
            List<double> values = [.. ofWidths.Select(constant)];
            double median = Contest.Median(values);
            measured(new ThinningCostsCase(name, median, values.Min(), values.Max(), constant(ThinningCosts.Default)));
            return median;
        }
    }

    private static ThinningCosts Measure(int width, ICostTimer timer)
    {
        using LayerOperations layer = new(width);
        IReadOnlyDictionary<CostOperation, double> times = timer.Time(layer.Works);
        double weights = (double)width * width;
        LineFit products = LineFit.Through(
            [.. LayerOperations.Rows.Select(static rows => (double)rows)], [.. LayerOperations.Rows.Select(rows => times[new(CostKind.Products, width, rows)] / (3 * weights))]);
        return default(ThinningCosts) with
        {
            ProductNs = products.Slope,
            WeightNs = Math.Max(0, products.Intercept),
            TakeNs = times[new(CostKind.Take, width)] / layer.KeptWeights,
            PutNs = times[new(CostKind.Put, width)] / weights,
            AddNs = times[new(CostKind.Add, width)] / layer.KeptWeights,
            StepNs = times[new(CostKind.Step, width)] / weights,
        };
    }

    private static double MeasureLayer(ICostTimer timer)
    {
        CostOperation thinned = new(CostKind.ThinnedStep, TinyTrainingStep.Width), ordinary = new(CostKind.OrdinaryStep, TinyTrainingStep.Width);
        using TinyTrainingStep thinnedStep = new(ThinningChoice.Always), ordinaryStep = new(ThinningChoice.Never);
        IReadOnlyDictionary<CostOperation, double> times = timer.Time(new Dictionary<CostOperation, CostWork> { [thinned] = thinnedStep.Work, [ordinary] = ordinaryStep.Work });
        return Math.Max(0, times[thinned] - times[ordinary]) / TinyTrainingStep.Products;
    }
}
