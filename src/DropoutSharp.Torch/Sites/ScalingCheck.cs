using System.Runtime.CompilerServices;

namespace DropoutSharp.Torch;

/// <summary>Which scalings a variant takes.</summary>
internal static class ScalingCheck
{
    /// <summary>A scaling, if the variant takes it.</summary>
    /// <param name="scaling">What was given.</param>
    /// <param name="canBeNone">Whether kept elements may stay unscaled.</param>
    /// <param name="name">The parameter's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The variant does not take it.</exception>
    public static Scaling Checked(this Scaling scaling, bool canBeNone = false, [CallerArgumentExpression(nameof(scaling))] string? name = null) =>
        scaling is Scaling.Inverted or Scaling.AtInference || (canBeNone && scaling == Scaling.None)
            ? scaling
            : throw new ArgumentOutOfRangeException(
                name, scaling, $"Scaling must be {(canBeNone ? "Inverted, AtInference or None" : "Inverted or AtInference")}; received {scaling}.");
}
