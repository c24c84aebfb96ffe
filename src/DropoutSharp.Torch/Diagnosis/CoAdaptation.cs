using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Measures how much the hidden units of a model rely on each other, which dropout is said to reduce.</summary>
/// <remarks>
/// <para>Four views of one layer, on data that you choose (held-out rows): the correlation of its units; how the score falls when random units
/// are deleted, without making up for them; how much one unit's usefulness (the loss that its deletion adds) depends on which random half of the others is
/// there; and how sparse its activations are. Measure two models, before and after, with the same options: orders and contexts are then the same.</para>
/// <para>Srivastava et al., JMLR 15, 2014, sections 7.1 and 7.2; deletion curves after Morcos et al., ICLR 2018; Hoyer, JMLR 5, 2004.</para>
/// </remarks>
public static class CoAdaptation
{
    /// <summary>Measures one layer of a model.</summary>
    /// <param name="model">Takes the inputs and gives logits (N, classes), or numbers of the targets' shape.</param>
    /// <param name="layer">The path of a layer as in <c>named_modules</c>, such as an activation; it must be run through <c>call()</c>.</param>
    /// <param name="inputs">A batch of rows.</param>
    /// <param name="targets">Class indices (int64), or numbers.</param>
    /// <param name="options">How thoroughly; null for the defaults.</param>
    /// <returns>What was found. The model is left as it was: its weights, its modes, its hooks.</returns>
    /// <exception cref="ArgumentException">There is no such layer, it is not run, or rows and targets differ in number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is too small.</exception>
    public static CoAdaptationReport Measure(
        nn.Module<Tensor, Tensor> model, string layer, Tensor inputs, Tensor targets, CoAdaptationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        CoAdaptationOptions chosen = options ?? new CoAdaptationOptions();
        chosen.Check();
        if (inputs.dim() == 0 || targets.dim() == 0 || inputs.size(0) != targets.size(0) || inputs.size(0) == 0)
        {
            throw new ArgumentException(
                $"There must be one target for each row; received inputs ({string.Join(", ", inputs.shape)}) and targets ({string.Join(", ", targets.shape)}).", nameof(targets));
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var modes = new TrainingModes(model);
        using var deletion = new UnitDeletion(model, layer);
        var judge = new Judge(targets);
        using (deletion.Run(inputs, null))
        {
        }

        Tensor activations = deletion.Activations();
        int units = (int)activations.size(1);
        (int live, double correlation, double effective) = Correlation(activations);
        List<DeletionPoint> curve = Curve(deletion, inputs, judge, units, chosen);
        double area = 0;
        for (int i = 1; i < curve.Count; i++)
        {
            area += (curve[i].Share - curve[i - 1].Share) * (curve[i].Score + curve[i - 1].Score) / 2;
        }

        return new CoAdaptationReport
        {
            Layer = layer,
            Units = units,
            LiveUnits = live,
            MeanAbsoluteCorrelation = correlation,
            EffectiveUnits = effective,
            ShareOfZeros = activations.eq(0).to(float64).mean().item<double>(),
            MeanActivation = activations.mean().item<double>(),
            Sparsity = Hoyer(activations),
            DeletionCurve = curve,
            DeletionArea = area,
            RelativeDeletionArea = curve[0].Score > 0 ? area / curve[0].Score : double.NaN,
            ContextDependence = ContextDependence(deletion, inputs, judge, units, chosen),
        };
    }

    private static (int Live, double MeanAbsolute, double Effective) Correlation(Tensor activations)
    {
        using var scope = NewDisposeScope();
        Tensor centred = activations - activations.mean([0], keepdim: true);
        Tensor norms = centred.norm(0);
        // Rounding leaves a constant unit with a norm near, but not at, zero.
        Tensor kept = (norms > activations.abs().amax([0]).Times(1e-9)).nonzero().flatten();
        int live = (int)kept.numel();
        if (live == 0)
        {
            return (0, double.NaN, double.NaN);
        }

        Tensor unit = (centred / norms).index_select(1, kept);
        Tensor rho = unit.t().mm(unit);
        double squares = rho.Squared().sum().item<double>(), absolute = rho.abs().sum().item<double>();
        return (live, live < 2 ? double.NaN : (absolute - live) / ((double)live * (live - 1)), (double)live * live / squares);
    }

    private static double Hoyer(Tensor activations)
    {
        double root = Math.Sqrt(activations.size(1));
        if (root == 1)
        {
            return double.NaN;
        }

        using var scope = NewDisposeScope();
        Tensor length = activations.Squared().sum(1).sqrt();
        Tensor active = length > 0;
        Tensor ratio = activations.abs().sum(1).masked_select(active) / length.masked_select(active);
        return ratio.numel() == 0 ? double.NaN : ratio.SubtractedFrom(root).Over(root - 1).mean().item<double>();
    }

    private static List<DeletionPoint> Curve(UnitDeletion deletion, Tensor inputs, Judge judge, int units, CoAdaptationOptions options)
    {
        var curve = new List<DeletionPoint>();
        for (int step = 0; step <= options.Steps; step++)
        {
            int count = (int)Math.Round((double)units * step / options.Steps);
            int orders = count == 0 || count == units ? 1 : options.Orders;
            double score = 0;
            for (int order = 0; order < orders; order++)
            {
                var deleted = new bool[units];
                foreach (int unit in Order(units, options.Seed, 1, (uint)order).Take(count))
                {
                    deleted[unit] = true;
                }

                score += judge.Score(deletion, inputs, deleted) / orders;
            }

            curve.Add(new DeletionPoint((double)count / units, score));
        }

        return curve;
    }

    private static double ContextDependence(UnitDeletion deletion, Tensor inputs, Judge judge, int units, CoAdaptationOptions options)
    {
        int[] tried = [.. Order(units, options.Seed, 2, 0).Take(Math.Min(units, options.Units))];
        var usefulness = new double[tried.Length, options.Contexts];
        for (int context = 0; context < options.Contexts; context++)
        {
            var deleted = new bool[units];
            foreach (int unit in Order(units, options.Seed, 3, (uint)context).Take(units / 2))
            {
                deleted[unit] = true;
            }

            for (int i = 0; i < tried.Length; i++)
            {
                bool was = deleted[tried[i]];
                deleted[tried[i]] = false;
                double with = judge.Loss(deletion, inputs, deleted);
                deleted[tried[i]] = true;
                usefulness[i, context] = judge.Loss(deletion, inputs, deleted) - with;
                deleted[tried[i]] = was;
            }
        }

        return OneWay.ShareWithin(usefulness);
    }

    /// <summary>A random order of the units: sorted by the uniform number that each has at this position of the mask stream.</summary>
    private static int[] Order(int units, ulong seed, uint use, uint step)
    {
        var stream = new MaskStream(MaskStream.DeriveKey(seed, use), step);
        return [.. Enumerable.Range(0, units).OrderBy(unit => stream.Uniform(unit)).ThenBy(unit => unit)];
    }

    private sealed class Judge(Tensor targets)
    {
        private readonly bool _classes = targets.dtype is ScalarType.Int64 or ScalarType.Int32;

        public double Score(UnitDeletion deletion, Tensor inputs, bool[] deleted)
        {
            using var scope = NewDisposeScope();
            Tensor output = deletion.Run(inputs, tensor(deleted, device: inputs.device));
            if (_classes)
            {
                return output.argmax(-1).eq(targets).to(float64).mean().item<double>();
            }

            Tensor numbers = targets.to(float64);
            double error = (output.to(float64).reshape(TensorMemory.Shape(numbers)) - numbers).Squared().mean().item<double>();
            return 1 - (error / (numbers - numbers.mean()).Squared().mean().item<double>());
        }

        public double Loss(UnitDeletion deletion, Tensor inputs, bool[] deleted)
        {
            using var scope = NewDisposeScope();
            Tensor output = deletion.Run(inputs, tensor(deleted, device: inputs.device)).to(float64);
            return _classes
                ? nn.functional.cross_entropy(output, targets.to(int64)).item<double>()
                : (output.reshape(TensorMemory.Shape(targets)) - targets.to(float64)).Squared().mean().item<double>();
        }
    }
}
