using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A tensor of which only kept features exist, for one group of rows.</summary>
/// <param name="Values">The kept features' values.</param>
/// <param name="Kept">Which features those are; null for all.</param>
/// <param name="IsAwaiting">Whether what is missing has a value that a mask will drop later; otherwise it is zero.</param>
internal readonly record struct ThinPart(Tensor Values, KeptFeatures? Kept = null, bool IsAwaiting = false)
{
    /// <summary>The shape with all features.</summary>
    public long[] FullShape
    {
        get
        {
            long[] shape = TensorMemory.Shape(Values);
            if (Kept is not null)
            {
                shape[Kept.Dimension] = (long)Kept.Count * Kept.Run;
            }

            return shape;
        }
    }
}

/// <summary>A tensor in groups of rows, each with its own kept features.</summary>
/// <param name="Parts">The groups in the rows' order; at least one.</param>
/// <param name="Scale">What all values are still to be multiplied with: the next layer multiplies its kept weights instead, on their way out of the whole matrix.</param>
internal sealed record ThinTensor(ThinPart[] Parts, double Scale = 1)
{
    /// <summary>A tensor with all features.</summary>
    public static ThinTensor Whole(Tensor values) => new([new ThinPart(values)]);

    /// <summary>Whether it is one tensor with all features.</summary>
    public bool IsWhole => Parts is [{ Kept: null }];

    /// <summary>Whether any group lacks features.</summary>
    public bool IsThin => Array.Exists(Parts, static part => part.Kept is not null);

    /// <summary>How many rows there are.</summary>
    public long Rows => Parts.Sum(static part => part.Values.size(0));

    /// <summary>The shape with all rows and features.</summary>
    public long[] FullShape
    {
        get
        {
            long[] shape = Parts[0].FullShape;
            if (shape.Length > 0)
            {
                shape[0] = Rows;
            }

            return shape;
        }
    }
}
