using DropoutSharp.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Measures the constants by which a <see cref="ThinnedNetwork"/> chooses: each of the operations that they stand for, by itself.</summary>
/// <remarks>
/// The three products of a linear layer's training step take <c>rows · ProductNs + WeightNs</c> a weight: the line through the times of several numbers of rows gives both. Copying, writing and adding are timed on the half of a square matrix's rows and the
/// half of its columns that a mask kept, stepping on the whole matrix. What a layer costs whatever its size is the difference between a step of a network too small for anything else, thinned and not.
/// </remarks>
public static class ThinningCostsBenchmark
{
    private const int SmallWidth = 16, SmallBatch = 8, HiddenLayers = 3;

    private static readonly int[] Rows = [32, 128, 512];

    /// <summary>Measures constant by constant.</summary>
    /// <param name="widths">How many inputs and outputs the layers have, case by case.</param>
    /// <param name="secondsPerCase">How long a width is measured, in seconds.</param>
    /// <param name="measured">Called with each constant, when all widths are measured.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <returns>The constants, to hand to a network.</returns>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static ThinningCosts Run(IReadOnlyList<int> widths, double secondsPerCase, Action<ThinningCostsCase> measured, CancellationToken cancellation = default)
    {
        LibtorchRuntime.EnsureLoaded();
        TimeSpan budget = TimeSpan.FromSeconds(secondsPerCase);
        ThinningCosts[] ofWidths = [.. widths.Select(width => Measure(width, budget, cancellation))];
        double layer = MeasureLayer(budget, cancellation);
        ofWidths = [.. ofWidths.Select(costs => costs with { LayerNs = layer })];
        return new ThinningCosts(
            Take(nameof(ThinningCosts.ProductNs), static costs => costs.ProductNs),
            Take(nameof(ThinningCosts.WeightNs), static costs => costs.WeightNs),
            Take(nameof(ThinningCosts.TakeNs), static costs => costs.TakeNs),
            Take(nameof(ThinningCosts.PutNs), static costs => costs.PutNs),
            Take(nameof(ThinningCosts.AddNs), static costs => costs.AddNs),
            Take(nameof(ThinningCosts.StepNs), static costs => costs.StepNs),
            Take(nameof(ThinningCosts.LayerNs), static costs => costs.LayerNs));

        double Take(string name, Func<ThinningCosts, double> constant)
        {
            List<double> values = [.. ofWidths.Select(constant)];
            double median = Contest.Median(values);
            measured(new ThinningCostsCase(name, median, values.Min(), values.Max(), constant(ThinningCosts.Default)));
            return median;
        }
    }

    private static ThinningCosts Measure(int width, TimeSpan budget, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGraph = no_grad();
        Tensor weight = randn(width, width), gradient = randn(width, width);
        (Tensor Input, Tensor Gradient)[] batches = [.. Rows.Select(rows => (randn(rows, width), randn(rows, width)))];
        int[] indices = new int[width];
        int[] kept = indices[..new MaskStream(1UL, 0, 0).FillKeptIndices(indices, width, new DropRate(0.5))];
        Submatrix part = new(width, width, 1, kept, kept);
        KeptParts taken = new([part], [width, width]);
        Tensor values = taken.Apply(weight);
        using Parameter whole = new(weight.clone(), requires_grad: true), thin = new(weight.clone(), requires_grad: true);
        using ThinnedSgd wholeStep = new([whole], 1e-6), thinStep = new([thin], 1e-6);
        KeptGradients place = KeptGradients.Of(thin)!; // the optimiser opened it
        double[] medians = Contest.Run(
            budget,
            threaded: false,
            cancellation,
            [
                .. batches.Select(batch => (Action)(() => Products(batch.Input, batch.Gradient))),
                () => taken.Apply(weight).Dispose(),
                () => taken.Gradient.Apply(values).Dispose(),
                () =>
                {
                    place.Add([part], 1, values);
                    thinStep.step();
                },
                () =>
                {
                    whole.grad = gradient;
                    wholeStep.step();
                },
            ]);
        double weights = (double)width * width;
        LineFit products = LineFit.Through([.. Rows.Select(static rows => (double)rows)], [.. Rows.Index().Select(each => medians[each.Index] / (3 * weights))]);
        return default(ThinningCosts) with
        {
            ProductNs = products.Slope,
            WeightNs = Math.Max(0, products.Intercept),
            TakeNs = medians[Rows.Length] / part.Length,
            PutNs = medians[Rows.Length + 1] / weights,
            AddNs = medians[Rows.Length + 2] / part.Length,
            StepNs = medians[Rows.Length + 3] / weights,
        };

        void Products(Tensor input, Tensor upstream)
        {
            using Tensor turned = weight.t(), ofOutputs = upstream.t();
            using Tensor output = input.matmul(turned), ofInput = upstream.matmul(weight), ofWeight = ofOutputs.matmul(input);
        }
    }

    private static double MeasureLayer(TimeSpan budget, CancellationToken cancellation)
    {
        using Step thinned = new(ThinningChoice.Always), ordinary = new(ThinningChoice.Never);
        double[] medians = Contest.Run(budget, threaded: false, cancellation, thinned.Run, ordinary.Run);
        return Math.Max(0, medians[0] - medians[1]) / (3 * (HiddenLayers + 1));
    }

    /// <summary>A training step of a network of layers so small that only their number counts.</summary>
    private sealed class Step : IDisposable
    {
        private readonly ThinnedNetwork _model;
        private readonly ThinnedSgd _optimizer;
        private readonly Tensor _input = randn(SmallBatch, SmallWidth), _classes = randint(DenseNetwork.Classes, [SmallBatch], ScalarType.Int64);

        public Step(ThinningChoice choice)
        {
            uint site = 0;
            _model = new ThinnedNetwork(DenseNetwork.Create(SmallWidth, HiddenLayers, SmallWidth, () => new BatchwiseDropout(0.5, seed: 1, site: site++)), choice);
            _optimizer = new ThinnedSgd(_model.parameters(), 1e-6);
        }

        public void Run()
        {
            _optimizer.zero_grad();
            using Tensor output = _model.call(_input), loss = nn.functional.cross_entropy(output, _classes);
            loss.backward();
            _optimizer.step();
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _model.Dispose();
            _input.Dispose();
            _classes.Dispose();
        }
    }
}
