using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Between tensors with all features and tensors with the kept ones, known to autograd.</summary>
internal static class ThinTensors
{
    /// <summary>One tensor with all rows and features: zeros where features are missing.</summary>
    public static Tensor Dense(ThinTensor thin)
    {
        Tensor[] parts = Array.ConvertAll(thin.Parts, static part => part.Kept is null
            ? part.Values
            : KeptParts.PutBack(part.Values, Part(part.FullShape, part.Kept), part.FullShape));
        return parts.Length == 1 ? parts[0] : cat(parts, 0);
    }

    /// <summary>The kept features of a tensor with all of them.</summary>
    public static Tensor Take(Tensor values, KeptFeatures kept)
    {
        long[] shape = TensorMemory.Shape(values), partShape = TensorMemory.Shape(values);
        partShape[kept.Dimension] = (long)kept.Indices.Length * kept.Run;
        return KeptParts.Take(values, Part(shape, kept), partShape);
    }

    /// <summary>The same rows in as many groups as asked for; null where they are in another number of groups already.</summary>
    public static ThinTensor? Split(ThinTensor thin, int groups)
    {
        if (thin.Parts.Length == groups || groups == 1)
        {
            return thin;
        }

        if (thin.Parts.Length != 1)
        {
            return null;
        }

        ThinPart whole = thin.Parts[0];
        long[] sizes = GroupSizes.Of(whole.Values.size(0), groups);
        var parts = new ThinPart[groups];
        long start = 0;
        for (int i = 0; i < groups; start += sizes[i], i++)
        {
            parts[i] = whole with { Values = whole.Values.narrow(0, start, sizes[i]) };
        }

        return new ThinTensor(parts);
    }

    /// <summary>The tensor with nothing left to be multiplied.</summary>
    public static ThinTensor Settle(ThinTensor thin)
    {
        if (thin.Scale == 1)
        {
            return thin;
        }

        using TorchSharp.Scalar factor = thin.Scale;
        return Map(thin with { Scale = 1 }, values => values.mul(factor));
    }

    /// <summary>The same operation on the values of each group.</summary>
    public static ThinTensor Map(ThinTensor thin, Func<Tensor, Tensor> operation) =>
        new(Array.ConvertAll(thin.Parts, part => part with { Values = operation(part.Values) }));

    private static Submatrix Part(long[] shape, KeptFeatures kept)
    {
        long before = Product(shape.AsSpan(0, kept.Dimension)), after = Product(shape.AsSpan(kept.Dimension + 1));
        return new Submatrix(checked((int)before), kept.Count, checked((int)(after * kept.Run)), null, kept.Indices);
    }

    private static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes)
        {
            product = checked(product * size);
        }

        return product;
    }
}
