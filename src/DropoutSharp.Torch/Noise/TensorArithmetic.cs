using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Arithmetic of tensors with each other and with numbers that several threads of torch may run at once.</summary>
/// <remarks>
/// TorchSharp turns a number into a native one that nothing holds, also the factor 1 in the sum of two tensors and the exponent of a square. Where the
/// collector runs while libtorch reads it, its memory is freed under it: libtorch then refuses a number of no type, or computes with another. Here each
/// number is held until the operation has ended. Results are those of the operators, bit for bit.
/// </remarks>
internal static class TensorArithmetic
{
    // An integer, so that tensors of integers can be summed too.
    private static readonly Scalar One = 1;

    /// <summary><c>a + b</c>.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary><c>a + factor·b</c>.</summary>
    public static Tensor Plus(this Tensor a, Tensor b, double factor)
    {
        using Scalar held = factor;
        return a.add(b, held);
    }

    /// <summary><c>a + number</c>.</summary>
    public static Tensor Plus(this Tensor a, double number)
    {
        using Scalar held = number;
        return a.add(held, One);
    }

    /// <summary><c>a += b</c>, in place.</summary>
    public static Tensor Increase(this Tensor a, Tensor b) => a.add_(b, One);

    /// <summary><c>a += number</c>, in place.</summary>
    public static Tensor Increase(this Tensor a, double number)
    {
        using Scalar held = number;
        return a.add_(held, One);
    }

    /// <summary><c>number − a</c>.</summary>
    public static Tensor SubtractedFrom(this Tensor a, double number) => a.neg().Plus(number);

    /// <summary><c>number·a</c>.</summary>
    public static Tensor Times(this Tensor a, double number)
    {
        using Scalar held = number;
        return a.mul(held);
    }

    /// <summary><c>a/number</c>.</summary>
    public static Tensor Over(this Tensor a, double number)
    {
        using Scalar held = number;
        return a.div(held);
    }

    /// <summary><c>a²</c>.</summary>
    public static Tensor Squared(this Tensor a) => a * a;

    /// <summary><c>a</c>, but at least <paramref name="low"/> and at most <paramref name="high"/>.</summary>
    public static Tensor Clamped(this Tensor a, double low, double high)
    {
        using Scalar lowest = low, highest = high;
        return a.clamp(lowest, highest);
    }
}
