using DropoutSharp.Benchmarks;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Cli.Tests.Benchmarks;

/// <summary>Which operation each constant comes from. A clock that goes by what an operation is seen to do, or by its name, stands in for the machine's.</summary>
public sealed class CostBenchmarkTests
{
    private const int Width = 24;

    [Fact]
    public void Run_OperationsPricedByName_EveryConstantIsItsOwnPrice()
    {
        AssertPrices(new NameTimer());
    }

    [Fact]
    public void Run_OperationsPricedByWhatTheyDo_EveryConstantIsItsOwnPrice()
    {
        AssertPrices(new EffectTimer());
    }

    [Fact]
    public void Run_SeveralWidths_ReportsEachConstantsMiddleAndEnds()
    {
        List<CostBenchmarkCase> cases = [];

        CostBenchmark.Run([16, 24, 32], new WidthTimer(), cases.Add);

        CostBenchmarkCase step = Assert.Single(cases, static each => each.Op == nameof(ThinningCosts.StepNs));
        Assert.Equal((24, 16, 32), (step.Ns, step.LowNs, step.HighNs));
        Assert.Equal(ThinningCosts.Default.StepNs, step.DefaultNs);
    }

    private static void AssertPrices(ICostTimer timer)
    {
        Dictionary<string, double> reported = [];

        ThinningCosts costs = CostBenchmark.Run([Width], timer, each => reported.Add(each.Op, each.Ns));

        Assert.Equal(Price.Product, costs.ProductNs, 9);
        Assert.Equal(Price.Weight, costs.WeightNs, 9);
        Assert.Equal(Price.Take, costs.TakeNs, 9);
        Assert.Equal(Price.Put, costs.PutNs, 9);
        Assert.Equal(Price.Add, costs.AddNs, 9);
        Assert.Equal(Price.Step, costs.StepNs, 9);
        Assert.Equal(Price.Layer, costs.LayerNs, 9);
        Assert.Equal(Price.Retake, reported["RetakeNs"], 9);
        Assert.Equal(Price.Uncopied, reported["UncopiedNs"], 9);
        Assert.Equal(Price.Element, reported["ElementNs"], 9);
        Assert.Equal(Price.Call, reported["CallNs"], 9);
        Assert.Equal(Price.ThinnedCall, reported["ThinnedCallNs"], 9);
    }

    private static double Products(double rows) => 3 * Width * Width * ((rows * Price.Product) + Price.Weight);

    /// <summary>The steps of all passes of a tiny network.</summary>
    private static double Calls
    {
        get
        {
            using TinyPasses passes = new(McExecution.Split);
            return passes.Calls;
        }
    }

    private static class Price
    {
        public const double Product = 2, Weight = 3, Take = 5, Put = 7, Add = 11, Step = 13, Layer = 19, Element = 23, Call = 29, ThinnedCall = 31, Retake = 37, Uncopied = 41;
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
                CostKind.Retake => kept * Price.Retake,
                CostKind.Uncopied => layer.UncopiedAtOnce * kept * ((name.Rows * Price.Product) + Price.Uncopied),
                CostKind.Put => weights * Price.Put,
                CostKind.Add => kept * Price.Add,
                CostKind.Step => weights * Price.Step,
                CostKind.Activate => name.Rows * Width * Price.Element,
                CostKind.ThinnedPasses => Calls * Price.ThinnedCall,
                CostKind.FullPasses => Calls * Price.Call,
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

            if (first.dtype == ScalarType.Int64)
            {
                return Calls * (first[1].item<long>() == (long)McExecution.Thinned ? Price.ThinnedCall : Price.Call);
            }

            if (first.dim() == 1)
            {
                using Tensor second = work.Result(); // kept weights: of the same matrix or of the next one
                return first.numel() * (first.equal(second).all().item<bool>() ? Price.Retake : Price.Take);
            }

            if (first.shape[1] != Width)
            {
                using Tensor second = work.Result(); // rows of kept outputs, a thread's after another's: of the same matrix
                Assert.True(first.equal(second).all().item<bool>());
                Assert.Equal(get_num_threads() * LayerOperations.Rows[0], first.shape[0]);
                return first.shape[1] * first.shape[1] * ((first.shape[0] * Price.Product) + (get_num_threads() * Price.Uncopied)); // one mask for inputs and outputs
            }

            if (first.shape[0] != Width)
            {
                return first.lt(0).any().item<bool>() ? Products(first.shape[0]) : first.numel() * Price.Element;
            }

            // A matrix of the weights' size: a gradient, or weights that were zeros and went down.
            long up = first.gt(0).sum().item<long>(), down = first.lt(0).sum().item<long>();
            return up > 0 ? first.numel() * Price.Put
                : down == first.numel() ? down * Price.Step
                : down * Price.Add;
        }
    }

    private sealed class WidthTimer : ICostTimer
    {
        public IReadOnlyDictionary<CostOperation, double> Time(IReadOnlyDictionary<CostOperation, CostWork> works) =>
            works.Keys.ToDictionary(static name => name, static name => (double)name.Width * name.Width * name.Width);
    }
}
