using DropoutSharp.Benchmarks;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Cli.Tests.Benchmarks;

/// <summary>Which operation each constant comes from. A clock that goes by what an operation is seen to do, or by its name, stands in for the machine's.</summary>
public sealed class ThinningCostsBenchmarkTests
{
    private const int Width = 24;

    [Fact]
    public void Run_OperationsPricedByName_EveryConstantIsItsOwnPrice()
    {
        ThinningCosts costs = ThinningCostsBenchmark.Run([Width], new NameTimer(), static _ => { });

        AssertPrices(costs);
        Assert.Equal(19, costs.LayerNs, 9);
    }

    [Fact]
    public void Run_OperationsPricedByWhatTheyDo_EveryConstantIsItsOwnPrice()
    {
        ThinningCosts costs = ThinningCostsBenchmark.Run([Width], new EffectTimer(), static _ => { });

        AssertPrices(costs);
        Assert.Equal(19, costs.LayerNs, 9);
    }

    [Fact]
    public void Run_SeveralWidths_ReportsEachConstantsMiddleAndEnds()
    {
        List<ThinningCostsCase> cases = [];

        ThinningCostsBenchmark.Run([16, 24, 32], new WidthTimer(), cases.Add);

        ThinningCostsCase step = Assert.Single(cases, static each => each.Op == nameof(ThinningCosts.StepNs));
        Assert.Equal((24, 16, 32), (step.Ns, step.LowNs, step.HighNs));
        Assert.Equal(ThinningCosts.Default.StepNs, step.DefaultNs);
    }

    /// <summary>Prices a weight or kept weight: what <see cref="ThinningCosts"/> must come to.</summary>
    private static void AssertPrices(ThinningCosts costs)
    {
        Assert.Equal(Price.Product, costs.ProductNs, 9);
        Assert.Equal(Price.Weight, costs.WeightNs, 9);
        Assert.Equal(Price.Take, costs.TakeNs, 9);
        Assert.Equal(Price.Put, costs.PutNs, 9);
        Assert.Equal(Price.Add, costs.AddNs, 9);
        Assert.Equal(Price.Step, costs.StepNs, 9);
    }

    private static double Products(double rows) => 3 * Width * Width * ((rows * Price.Product) + Price.Weight);

    private static class Price
    {
        public const double Product = 2, Weight = 3, Take = 5, Put = 7, Add = 11, Step = 13, Layer = 19;
    }

    private sealed class NameTimer : ICostTimer
    {
        public IReadOnlyDictionary<CostOperation, double> Time(IReadOnlyDictionary<CostOperation, CostWork> works)
        {
            using LayerOperations layer = new(Width);
            double weights = Width * Width, kept = layer.KeptWeights;
            return works.Keys.ToDictionary(static name => name, name => name.Kind switch
            {
                CostKind.Products => Products(name.Rows),
                CostKind.Take => kept * Price.Take,
                CostKind.Put => weights * Price.Put,
                CostKind.Add => kept * Price.Add,
                CostKind.Step => weights * Price.Step,
                CostKind.ThinnedStep => 1000 + (TinyTrainingStep.Products * Price.Layer),
                CostKind.OrdinaryStep => 1000,
                _ => double.NaN,
            });
        }
    }

    /// <summary>Runs each operation and never asks for its name.</summary>
    private sealed class EffectTimer : ICostTimer
    {
        public IReadOnlyDictionary<CostOperation, double> Time(IReadOnlyDictionary<CostOperation, CostWork> works) =>
            works.ToDictionary(static each => each.Key, static each => Cost(each.Value));

        private static double Cost(CostWork work)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor first = work.Result();
            if (first.dim() == 0)
            {
                return 1000 + (first.item<int>() > 0 ? TinyTrainingStep.Products * Price.Layer : 0);
            }

            if (first.dim() == 1)
            {
                return first.numel() * Price.Take; // what was kept, and nothing else
            }

            if (first.shape[0] != Width)
            {
                return Products(first.shape[0]);
            }

            // A matrix of the weights' size: the same one changed by the next call, or another.
            using Tensor before = first.clone();
            using Tensor second = work.Result();
            long changed = first.ne(before).sum().item<long>(), zeros = first.eq(0).sum().item<long>();
            return changed == 0 && zeros > 0 ? first.numel() * Price.Put
                : changed == first.numel() ? changed * Price.Step
                : changed * Price.Add;
        }
    }

    private sealed class WidthTimer : ICostTimer
    {
        public IReadOnlyDictionary<CostOperation, double> Time(IReadOnlyDictionary<CostOperation, CostWork> works) =>
            works.Keys.ToDictionary(static name => name, static name => (double)name.Width * name.Width * name.Width);
    }
}
