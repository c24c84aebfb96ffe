using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Linear layers and convolutions on kept features: each group of rows is multiplied with its own part of the weights.</summary>
internal static class ThinnedWeights
{
    /// <summary>The layer.</summary>
    /// <param name="step">The layer.</param>
    /// <param name="x">Its input.</param>
    /// <param name="findDemand">Which output features are wanted, by the output's shape and its dimension of features.</param>
    /// <param name="staysThin">Whether what comes out, of a shape and with so many features kept, goes on with these alone.</param>
    /// <param name="choice">When it is computed in part.</param>
    /// <param name="costs">What that goes by.</param>
    /// <param name="thinned">Receives what was computed in part.</param>
    public static ThinTensor Run(
        WeightStep step, ThinTensor x, Func<long[], int, KeptFeatures[]?> findDemand, Func<long[], KeptFeatures[], bool> staysThin, ThinningChoice choice, ThinningCosts costs, List<ThinnedLayer> thinned)
    {
        double scale = x.Scale;
        x = x with { Scale = 1 };
        long[] shape = x.FullShape, weight = TensorMemory.Shape(step.Layer.Weight);
        int dimension = step.IsConvolution ? 1 : shape.Length - 1;
        bool fits = shape.Length == (step.IsConvolution ? weight.Length : Math.Max(2, shape.Length)) && shape[dimension] == weight[1];
        KeptFeatures[]? demand = fits ? findDemand(OutputShape(step, shape), dimension) : null;
        ThinTensor? split = !fits ? null : demand is null ? x : ThinTensors.Split(x, demand.Length);
        bool isThinned = split is not null && (demand is not null || split.IsThin)
            && Array.TrueForAll(split.Parts, part => part.Kept is null || (part.Kept.Dimension == dimension && (part.Kept.Run == 1 || !step.IsConvolution)))
            && (choice == ThinningChoice.Always || IsChosen(step, split, demand, staysThin, costs)) && CanBeThinned(step, split, demand);
        if (!isThinned)
        {
            return ThinTensor.Whole(step.Module.call(ThinTensors.Dense(ThinTensors.Settle(x with { Scale = scale }))));
        }

        bool canScale = TensorMemory.IsForKernels(step.Layer.Weight) && step.Layer.Weight.dtype is ScalarType.Float32 or ScalarType.Float64;
        return canScale
            ? Thinned(step, split!, scale, demand, thinned) // isThinned says that it is there
            : Thinned(step, ThinTensors.Settle(split! with { Scale = scale }), 1, demand, thinned);
    }

    /// <summary>Whether the layer would be computed with the kept input features alone.</summary>
    /// <param name="step">The layer.</param>
    /// <param name="shape">The shape of the masked tensor.</param>
    /// <param name="kept">What the mask keeps.</param>
    /// <param name="findDemand">Which output features are wanted, as for <see cref="Run"/>.</param>
    /// <param name="choice">When a layer is computed in part.</param>
    /// <param name="costs">What that goes by.</param>
    public static bool IsInputThinnedFaster(
        WeightStep step, long[] shape, KeptFeatures[] kept, Func<long[], int, KeptFeatures[]?> findDemand, ThinningChoice choice, ThinningCosts costs)
    {
        if (choice == ThinningChoice.Always)
        {
            return true;
        }

        long[] weight = TensorMemory.Shape(step.Layer.Weight);
        bool isSameShape = shape.Length == (step.IsConvolution ? weight.Length : Math.Max(2, shape.Length)) && shape[step.IsConvolution ? 1 : ^1] == weight[1]; // else maps are flattened on the way
        KeptFeatures[]? demand = isSameShape ? findDemand(OutputShape(step, shape), step.IsConvolution ? 1 : shape.Length - 1) : null;
        double share = kept.Average(static group => group.Share) * (demand is null || (demand.Length > 1 && kept.Length > 1 && demand.Length != kept.Length) ? 1 : demand.Average(static group => group.Share)), weights = Product(weight);
        double products = Positions(step, shape) * weights;
        return costs.IsThinnedFaster(products, products * share, weights, weights * share * kept.Length, 0, kept.Length, 0, KeptGradients.Use(step.Layer.Weight));
    }

    /// <summary>Whether anything is left to compute, where libtorch does not compute nothing.</summary>
    private static bool CanBeThinned(WeightStep step, ThinTensor x, KeptFeatures[]? demand) => !step.IsConvolution
        || (Array.TrueForAll(x.Parts, static part => part.Kept is not { Indices.Length: 0 }) && (demand is null || Array.TrueForAll(demand, static part => part.Indices.Length > 0)));

    private static bool IsChosen(WeightStep step, ThinTensor x, KeptFeatures[]? demand, Func<long[], KeptFeatures[], bool> staysThin, ThinningCosts costs)
    {
        double products = 0, kept = 0, keptWeights = 0, wholeRows = 0, weights = Product(TensorMemory.Shape(step.Layer.Weight));
        for (int i = 0; i < x.Parts.Length; i++)
        {
            ThinPart part = x.Parts[i];
            KeptFeatures? wanted = demand?[demand.Length == 1 ? 0 : i];
            double inputs = part.Kept?.Share ?? 1, outputs = wanted?.Share ?? 1;
            double own = Positions(step, part.FullShape) * weights;
            products += own;
            kept += own * inputs * outputs;
            keptWeights += weights * inputs * outputs;
            wholeRows += part.Kept is null ? weights * outputs : 0;
        }

        double spread = x.IsThin ? Product(x.FullShape) : 0;
        if (demand is not null)
        {
            long[] output = OutputShape(step, x.FullShape);
            spread += staysThin(output, demand) ? Product(output) : -Product(output);
        }

        return costs.IsThinnedFaster(products, kept, weights, keptWeights, wholeRows, x.Parts.Length, spread, KeptGradients.Use(step.Layer.Weight));
    }

    private static ThinTensor Thinned(WeightStep step, ThinTensor x, double scale, KeptFeatures[]? demand, List<ThinnedLayer> thinned)
    {
        Tensor weight = step.Layer.Weight;
        long[] shape = TensorMemory.Shape(weight);
        int outputs = checked((int)shape[0]), groups = x.Parts.Length;
        var parts = new Submatrix[groups];
        for (int i = 0; i < groups; i++)
        {
            KeptFeatures? kept = x.Parts[i].Kept;
            (int columns, int run) = kept is null || step.IsConvolution ? ((int)shape[1], (int)Product(shape.AsSpan(2))) : (kept.Count, kept.Run);
            parts[i] = new Submatrix(outputs, columns, run, Wanted(i)?.Indices, kept?.Indices);
        }

        // Several parts are together as large as all weights: each is taken out when it is multiplied, instead of all being kept until the backward pass.
        bool isTakenAgain = !step.IsConvolution && !AreSame(parts) && groups > 1 && KeptLinearNode.Fits(weight);
        Tensor[] weights = isTakenAgain ? [] : Take(weight, parts, scale);
        Tensor? bias = step.Layer.Bias;
        Tensor[]? biases = bias is null || demand is null ? null
            : Take(bias, [.. Enumerable.Range(0, groups).Select(i => new Submatrix(1, outputs, 1, null, Wanted(i)!.Indices))], 1); // there is a demand
        var results = new ThinPart[groups];
        for (int i = 0; i < groups; i++)
        {
            Tensor? ownBias = biases is null ? bias : biases[i];
            if (isTakenAgain)
            {
                results[i] = new ThinPart(KeptLinearNode.Apply(x.Parts[i].Values, weight, ownBias, parts[i], scale), Wanted(i), IsAwaiting: demand is not null);
                continue;
            }

            Tensor own = weights[i].reshape([parts[i].KeptRows, step.IsConvolution ? parts[i].KeptColumns : (long)parts[i].KeptColumns * parts[i].Run, .. shape[2..]]);
            results[i] = new ThinPart(step.Layer.Call(x.Parts[i].Values, own, ownBias), Wanted(i), IsAwaiting: demand is not null);
        }

        thinned.Add(new ThinnedLayer(
            step.Path, groups, shape[1], parts.Average(part => step.IsConvolution ? part.KeptColumns : (double)part.KeptColumns * part.Run), outputs,
            parts.Average(static part => part.KeptRows)));
        return new ThinTensor(results);

        KeptFeatures? Wanted(int i) => demand?[demand.Length == 1 ? 0 : i];
    }

    private static Tensor[] Take(Tensor tensor, Submatrix[] parts, double scale)
    {
        bool areSame = parts.Length > 1 && AreSame(parts);
        KeptParts taken = new(areSame ? parts[..1] : parts, TensorMemory.Shape(tensor), scale, KeptGradients.Of(tensor));
        Tensor flat = NoiseFunction.Apply(taken, tensor);
        return areSame || parts.Length == 1 ? [.. parts.Select(_ => flat)] : flat.split([.. parts.Select(static part => part.Length)], 0);
    }

    private static bool AreSame(Submatrix[] parts) =>
        Array.TrueForAll(parts, part => part.KeptRowIndices == parts[0].KeptRowIndices && part.KeptColumnIndices == parts[0].KeptColumnIndices);

    private static long[] OutputShape(WeightStep step, long[] shape)
    {
        long[] output = [.. shape];
        output[step.IsConvolution ? 1 : ^1] = step.Layer.Weight.size(0);
        return output;
    }

    /// <summary>How many times the layer's weights are multiplied.</summary>
    private static double Positions(WeightStep step, long[] shape) => step.Module is Convolution convolution
        ? shape[0] * Product(shape.AsSpan(2)) / (double)Product(convolution.stride)
        : Product(shape.AsSpan(0, shape.Length - 1));

    private static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes)
        {
            product *= size;
        }

        return product;
    }
}
