using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A mask that the caller gave, checked and applied.</summary>
internal static class GivenMask
{
    /// <summary>Applies a mask to an input.</summary>
    /// <param name="mask">A bool tensor that broadcasts to the input.</param>
    /// <param name="input">The input.</param>
    /// <param name="law">What becomes of kept and dropped elements.</param>
    /// <param name="inPlace">Whether the input's memory is changed.</param>
    /// <exception cref="ArgumentException">The mask is no bool tensor or does not broadcast to the input.</exception>
    public static Tensor Apply(Tensor mask, Tensor input, MaskLaw law, bool inPlace)
    {
        Check(mask, input);
        using Tensor there = mask.to(input.device);
        if (!inPlace)
        {
            return MaskSelection.Apply(there, input, law);
        }

        MaskSelection.ApplyInPlace(there, input, law);
        return input.alias();
    }

    /// <summary>Refuses a mask that is no bool tensor or does not broadcast to the input's shape.</summary>
    public static void Check(Tensor mask, Tensor input)
    {
        if (mask.dtype != ScalarType.Bool)
        {
            throw new ArgumentException($"Mask must be a bool tensor, true where an element is kept; received {mask.dtype}.", nameof(mask));
        }

        CheckBroadcasts(mask, input);
    }

    /// <summary>Refuses a mask that does not broadcast to the input's shape.</summary>
    public static void CheckBroadcasts(Tensor mask, Tensor input)
    {
        long[] shape = TensorMemory.Shape(mask), target = TensorMemory.Shape(input);
        bool fits = shape.Length <= target.Length
            && shape.Reverse().Zip(target.Reverse()).All(pair => pair.First == 1 || pair.First == pair.Second);
        if (!fits)
        {
            throw new ArgumentException(
                $"Mask must broadcast to the input's shape [{string.Join(", ", target)}]; received shape [{string.Join(", ", shape)}].", nameof(mask));
        }
    }
}
