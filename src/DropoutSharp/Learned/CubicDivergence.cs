using System.Runtime.CompilerServices;
using static DropoutSharp.Elementary;

namespace DropoutSharp;

/// <summary>Kingma's fit from ln α, at most 0: −½ ln α − c₁α − c₂α² − c₃α³.</summary>
internal readonly struct CubicDivergence : IDivergence
{
    private const float C1 = 1.16145124f, C2 = -1.50204118f, C3 = 0.58629921f;

    /// <inheritdoc/>
    public static bool NeedsWeight => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Apply<TSingles>(TSingles weight, TSingles noise, out TSingles weightSlope, out TSingles noiseSlope)
        where TSingles : struct, ISingles<TSingles>
    {
        TSingles isBeyond = TSingles.Less(TSingles.Zero, noise), logAlpha = TSingles.Select(isBeyond, TSingles.Zero, noise), alpha = Exp(logAlpha);
        TSingles half = Number<TSingles>(-0.5f), c1 = Number<TSingles>(C1);
        TSingles value = (logAlpha * half) - (alpha * (c1 + (alpha * (Number<TSingles>(C2) + (alpha * Number<TSingles>(C3))))));
        TSingles slope = half - (alpha * (c1 + (alpha * (Number<TSingles>(2 * C2) + (alpha * Number<TSingles>(3 * C3))))));
        noiseSlope = TSingles.Select(isBeyond, TSingles.Zero, slope);
        weightSlope = TSingles.Zero;
        return value;
    }
}
