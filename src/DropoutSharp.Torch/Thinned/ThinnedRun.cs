using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>One forward pass through a plan that leaves out what masks drop.</summary>
/// <remarks>
/// A layer is told which of its output features are kept by the next mask behind it (the demand), as far as only steps lie between that treat each feature for itself. The draw of that
/// mask is then taken early; every site still takes one draw a pass, in its own order.
/// </remarks>
internal sealed class ThinnedRun(ThinningChoice choice, ThinningCosts costs)
{
    private readonly Dictionary<DropoutStep, SiteDraw> _draws = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<DropoutStep, (long[] Shape, KeptFeatures[]? Kept)> _kept = new(ReferenceEqualityComparer.Instance);
    private readonly List<ThinnedLayer> _thinned = [];

    /// <summary>The layers that were computed in part.</summary>
    public IReadOnlyList<ThinnedLayer> Thinned => _thinned;

    /// <summary>The pass.</summary>
    /// <param name="plan">The model.</param>
    /// <param name="input">Its input.</param>
    public Tensor Forward(ModelPlan plan, Tensor input)
    {
        Tensor output = ThinTensors.Dense(Run(plan.Steps, ThinTensor.Whole(input), null));
        return ReferenceEquals(output, input) ? input.alias() : output;
    }

    private ThinTensor Run(IReadOnlyList<PlanStep> steps, ThinTensor x, KeptFeatures[]? outerDemand)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            int next = i + 1;
            if (steps[i] is FeaturewiseStep activation && next < steps.Count && steps[next] is DropoutStep dropout && Fuse(activation, dropout, x, steps, next + 1, outerDemand) is Tensor fused)
            {
                (x, i) = (ThinTensor.Whole(fused), next);
                continue;
            }

            x = steps[i] is WeightStep ? x : ThinTensors.Settle(x);
            x = steps[i] switch
            {
                WeightStep step => ThinnedWeights.Run(
                    step, x, (shape, dimension) => Demand(steps, next, shape, dimension, outerDemand), (shape, kept) => StaysThin(steps, next, shape, kept, outerDemand), choice, costs, _thinned),
                FeaturewiseStep step => Featurewise(step, x),
                BatchNormStep step => ThinnedNorms.Run(step, x),
                RmsNormStep step => ThinnedNorms.Run(step, x),
                DropoutStep step => Drop(step, x, shape => IsOfUse(steps, next, shape.Shape, shape.Kept, outerDemand)),
                FlattenStep step => Flatten(step, x),
                ResidualStep step => Add(step, x, shape => Demand(steps, next, shape, null, outerDemand)),
                StochasticDepthStep step => ThinTensor.Whole(step.Module.Run(
                    ThinTensors.Dense(x), rows => ThinTensors.Dense(Run(step.Branch.Steps, ThinTensor.Whole(rows), null)))),
                OpaqueStep step => ThinTensor.Whole(step.Module.call(ThinTensors.Dense(x))),
                _ => throw new InvalidOperationException($"A plan has no step of the kind {steps[i].GetType().Name}."),
            };
        }

        return ThinTensors.Settle(x);
    }

    /// <summary>Which features the next mask keeps, as far as nothing before it needs the others; null for all.</summary>
    private KeptFeatures[]? Demand(IReadOnlyList<PlanStep> steps, int first, long[] shape, int? dimension, KeptFeatures[]? outer)
    {
        bool passesNorm = false, passesBatchStatistics = false;
        for (int i = first; i < steps.Count; i++)
        {
            switch (steps[i])
            {
                case FeaturewiseStep { IsOfMaps: false }:
                case FeaturewiseStep { IsOfMaps: true } when dimension is null or 1 && shape.Length > 2:
                    continue;
                case BatchNormStep { KeepsStatistics: false } step:
                    passesNorm = true;
                    passesBatchStatistics |= step.Module.training || step.Module.running_mean is null;
                    continue;
                case DropoutStep { IsRepeated: false } step when CanLookAhead(step.Module):
                    SiteDraw draw = Draw(step);
                    if (!draw.IsStochastic || (draw.DropRate.KeepsAll && draw.Mask is null))
                    {
                        continue;
                    }

                    KeptFeatures[]? kept = SharedFeatures(step, draw, shape);
                    return kept is not null && (dimension is null || kept[0].Dimension == dimension) && SuitsNorm(kept) ? kept : null;
                default:
                    return null;
            }
        }

        return outer is not null && outer[0].Dimension < shape.Length && shape[outer[0].Dimension] == outer[0].Count
            && (dimension is null || outer[0].Dimension == dimension) && SuitsNorm(outer) ? outer : null;

        // Batch normalisation knows the features of dimension 1 only, and a batch's statistics need every row of a feature that they are taken of.
        bool SuitsNorm(KeptFeatures[] kept) => !passesNorm
            || ((!passesBatchStatistics || kept.Length == 1) && Array.TrueForAll(kept, static part => part is { Dimension: 1, Run: 1 }));
    }

    /// <summary>Whether a mask's shape can be told although pooling changes the maps on the way to it.</summary>
    private static bool CanLookAhead(MaskedModule module) => module is BatchwiseDropout or SpatialDropout or Dropout { IsElementwise: true };

    private SiteDraw Draw(DropoutStep step)
    {
        if (!_draws.TryGetValue(step, out SiteDraw draw))
        {
            _draws[step] = draw = step.Module.Site.Draw();
        }

        return draw;
    }

    /// <summary>The features that a site's draw keeps. They are asked for by every layer before the site and by the site itself, and found once.</summary>
    private KeptFeatures[]? SharedFeatures(DropoutStep step, SiteDraw draw, long[] shape)
    {
        if (step.IsRepeated)
        {
            return step.Module.SharedFeatures(draw, shape);
        }

        if (!_kept.TryGetValue(step, out (long[] Shape, KeptFeatures[]? Kept) found) || !found.Shape.AsSpan().SequenceEqual(shape))
        {
            _kept[step] = found = ([.. shape], step.Module.SharedFeatures(draw, shape));
        }

        return found.Kept;
    }

    private static ThinTensor Featurewise(FeaturewiseStep step, ThinTensor x)
    {
        bool fits = Array.TrueForAll(x.Parts, part => part.Kept is null
            || ((part.IsAwaiting || step.KeepsZero) && (!step.IsOfMaps || (part.Kept.Dimension == 1 && part.Values.dim() > 2))));
        return fits ? ThinTensors.Map(x, step.Module.call) : ThinTensor.Whole(step.Module.call(ThinTensors.Dense(x)));
    }

    private static ThinTensor Flatten(FlattenStep step, ThinTensor x)
    {
        if (!x.IsThin)
        {
            return ThinTensors.Map(x.Parts.Length == 1 ? x : ThinTensor.Whole(ThinTensors.Dense(x)), step.Module.call);
        }

        var parts = new ThinPart[x.Parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            ThinPart part = x.Parts[i];
            Tensor flat = step.Module.call(part.Values);
            bool fits = part.Kept is { Dimension: 1 } && flat.dim() == 2 && flat.size(0) == part.Values.size(0);
            if (!fits)
            {
                return ThinTensor.Whole(step.Module.call(ThinTensors.Dense(x)));
            }

            long run = TensorMemory.Shape(part.Values)[2..].Aggregate(1L, static (product, size) => product * size);
            parts[i] = part with { Values = flat, Kept = part.Kept! with { Run = checked((int)(part.Kept.Run * run)) } };
        }

        return new ThinTensor(parts);
    }

    private ThinTensor Add(ResidualStep step, ThinTensor x, Func<long[], KeptFeatures[]?> findDemand)
    {
        Tensor input = ThinTensors.Dense(x);
        Tensor shortcut = step.Shortcut is null ? input : ThinTensors.Dense(Run(step.Shortcut.Steps, ThinTensor.Whole(input), null));
        KeptFeatures[]? demand = findDemand(TensorMemory.Shape(shortcut));
        ThinTensor branch = Run(step.Branch.Steps, ThinTensor.Whole(input), demand);
        bool isDemanded = Array.TrueForAll(branch.Parts, static part => part is { Kept: not null, IsAwaiting: true });
        if (!isDemanded)
        {
            return ThinTensor.Whole(shortcut.Plus(ThinTensors.Dense(branch)));
        }

        ThinTensor kept = ThinTensors.Split(ThinTensor.Whole(shortcut), branch.Parts.Length)!; // one part can be split
        return new ThinTensor(
        [
            .. branch.Parts.Select((part, i) => part with { Values = ThinTensors.Take(kept.Parts[i].Values, part.Kept!).Plus(part.Values) }), // isDemanded
        ]);
    }

    /// <summary>An activation and the mask behind it in one pass, where all features are there and no layer behind the mask gains from having only the kept ones; else null.</summary>
    private Tensor? Fuse(FeaturewiseStep activation, DropoutStep dropout, ThinTensor x, IReadOnlyList<PlanStep> steps, int next, KeptFeatures[]? outerDemand)
    {
        MaskedModule module = dropout.Module;
        if (!x.IsWhole || x.Scale != 1 || !module.Site.IsStochastic || ActivationFunctions.Of(activation.Module) is not FusedActivation function || !FusedChain.CanFuse(module, x.Parts[0].Values))
        {
            return null;
        }

        SiteDraw draw = Draw(dropout);
        long[] shape = x.FullShape;
        return draw.IsStochastic && draw.Mask is null && SharedFeatures(dropout, draw, shape) is { } kept && IsOfUse(steps, next, shape, kept, outerDemand)
            ? null
            : FusedChain.ActivationDropout(function, activation.Module, module, draw, x.Parts[0].Values);
    }

    private ThinTensor Drop(DropoutStep step, ThinTensor x, Func<(long[] Shape, KeptFeatures[] Kept), bool> isOfUse)
    {
        SiteDraw draw = Draw(step);
        MaskedModule module = step.Module;
        long[] shape = x.FullShape;
        if (!draw.IsStochastic || (draw.DropRate.KeepsAll && draw.Mask is null))
        {
            ThinTensor same = ThinTensors.Map(x, values => module.Run(values, draw));
            if (draw.IsStochastic)
            {
                module.Note(shape, x.Parts[0].Values.dtype);
            }

            return same;
        }

        KeptFeatures[]? kept = SharedFeatures(step, draw, shape);
        bool fits = kept is not null
            && Array.TrueForAll(x.Parts, part => part.Kept is null || (part.Kept.Dimension == kept[0].Dimension && part.Kept.Run == 1))
            && (x.IsThin || (!module.Inplace && isOfUse((shape, kept))));
        ThinTensor? split = fits ? ThinTensors.Split(x, kept!.Length) : null; // not null where it fits
        if (split is null)
        {
            return ThinTensor.Whole(module.Run(ThinTensors.Dense(x), draw));
        }

        double scale = module.KeptScale(draw.DropRate);
        ThinTensor dropped = new([.. split.Parts.Select((part, i) => Drop(part, kept![kept.Length == 1 ? 0 : i]))], scale);
        if (shape.Length > 2 && Array.Exists(dropped.Parts, static part => part.Values.numel() == 0))
        {
            return ThinTensor.Whole(module.Run(ThinTensors.Dense(x), draw)); // libtorch pools no maps of nothing
        }

        module.Check(x.Parts[0].Values);
        module.Note(shape, x.Parts[0].Values.dtype);
        return dropped;
    }

    private static ThinPart Drop(ThinPart part, KeptFeatures mask)
    {
        KeptFeatures kept = mask;
        Tensor values = part.Values;
        if (part.Kept is null)
        {
            values = ThinTensors.Take(values, mask);
        }
        else if (!part.Kept.IsSame(mask))
        {
            // Zeros of an earlier mask: what is awaited is always this mask's.
            kept = part.Kept.And(mask);
            values = ThinTensors.Take(values, new KeptFeatures(kept.PlacesIn(part.Kept), part.Kept.Indices.Length, mask.Dimension));
        }

        return new ThinPart(values, kept);
    }

    /// <summary>Whether a layer behind the next mask goes on with the features that it keeps, so that nobody spreads them again.</summary>
    private bool StaysThin(IReadOnlyList<PlanStep> steps, int first, long[] shape, KeptFeatures[] kept, KeptFeatures[]? outerDemand)
    {
        for (int i = first; i < steps.Count; i++)
        {
            if (steps[i] is DropoutStep)
            {
                return IsOfUse(steps, i + 1, shape, kept, outerDemand);
            }
        }

        return true; // the mask lies behind the block that these steps are of
    }

    /// <summary>Whether a layer behind a mask gains from having the kept features only.</summary>
    private bool IsOfUse(IReadOnlyList<PlanStep> steps, int first, long[] shape, KeptFeatures[] kept, KeptFeatures[]? outerDemand)
    {
        int dimension = kept[0].Dimension;
        bool isLast = dimension == shape.Length - 1;
        for (int i = first; i < steps.Count; i++)
        {
            switch (steps[i])
            {
                case FeaturewiseStep { KeepsZero: true, IsOfMaps: false }:
                case FeaturewiseStep { KeepsZero: true, IsOfMaps: true } when dimension == 1 && shape.Length > 2:
                case DropoutStep:
                case RmsNormStep when isLast:
                    continue;
                case FlattenStep when dimension == 1:
                    isLast = true;
                    continue;
                case WeightStep step when step.IsConvolution ? dimension == 1 : isLast:
                    int next = i + 1;
                    return ThinnedWeights.IsInputThinnedFaster(step, shape, kept, (output, of) => Demand(steps, next, output, of, outerDemand), choice, costs);
                default:
                    return false;
            }
        }

        return false;
    }
}
