using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>What a part of a model gives in several Monte-Carlo passes.</summary>
/// <param name="Data">The values of the passes below each other along the first dimension; or one copy, where all passes have the same.</param>
/// <param name="IsShared">Whether all passes have the same.</param>
internal readonly record struct PassValue(Tensor Data, bool IsShared)
{
    /// <summary>The value of one of the passes.</summary>
    public Tensor Of(int index, PassFrame frame)
    {
        if (IsShared || frame.Count == 1)
        {
            return Data;
        }

        long rows = Data.size(0) / frame.Count;
        return Data.narrow(0, index * rows, rows);
    }

    /// <summary>The values of some of the passes.</summary>
    /// <param name="chosen">Their indices, ascending.</param>
    /// <param name="frame">All passes.</param>
    public PassValue Of(int[] chosen, PassFrame frame)
    {
        if (IsShared || chosen.Length == frame.Count)
        {
            return this;
        }

        PassValue all = this;
        return Stack([.. chosen.Select(index => all.Of(index, frame))]);
    }

    /// <summary>The values of passes, one after the other, as one.</summary>
    public static PassValue Stack(IReadOnlyList<Tensor> ofPasses) => new(ofPasses.Count == 1 ? ofPasses[0] : cat([.. ofPasses], 0), false);

    /// <summary>The same as a value of these passes alone: that they agree here does not say that all others do.</summary>
    public PassValue Own(PassFrame frame)
    {
        Tensor one = Data;
        return !IsShared ? this : frame.Count == 1 ? new(one.alias(), false) : Stack([.. Enumerable.Repeat(one, frame.Count)]);
    }

    /// <summary>The sum with another value of the same passes, which is multiplied with a scale.</summary>
    public PassValue Plus(PassValue other, double scale, PassFrame frame)
    {
        if (IsShared == other.IsShared || frame.Count == 1)
        {
            return new(Add(Data, other.Data, scale), IsShared && other.IsShared);
        }

        (Tensor stacked, Tensor one) = IsShared ? (other.Data, Data) : (Data, other.Data);
        Tensor split = stacked.reshape([frame.Count, .. TensorMemory.Shape(one)]);
        Tensor sum = IsShared ? Add(one, split, scale) : Add(split, one, scale);
        return new(sum.reshape(TensorMemory.Shape(stacked)), false);
    }

    private static Tensor Add(Tensor left, Tensor right, double scale)
    {
        if (scale == 1)
        {
            return left.Plus(right);
        }

        using TorchSharp.Scalar factor = scale;
        return left.add(right, factor);
    }
}
