using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary><see cref="FusedActivation.Relu"/>.</summary>
internal readonly struct ReluActivation : IActivationFunction
{
    /// <summary>The bits of −∞, plus one. As signed integers all negative numbers are below, down to −0 at the end; NaN with a minus sign is not.</summary>
    private const uint BehindNegatives = 0xFF800001;

    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Value<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles> =>
        TSingles.Select(TSingles.LessBits(z, TSingles.BroadcastBits(BehindNegatives)), TSingles.Zero, z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Slope<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles> =>
        TSingles.Select(IsActive(z), SingleMath.Number<TSingles>(1), TSingles.Zero);

    /// <summary>All ones where a number is above zero or none at all: there the gradient passes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles IsActive<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles>
    {
        TSingles negativeNaN = TSingles.LessBits(TSingles.BroadcastBits(BehindNegatives - 1), z) & TSingles.LessBits(z, TSingles.Zero);
        return TSingles.LessBits(TSingles.Zero, z) | negativeNaN;
    }
}
