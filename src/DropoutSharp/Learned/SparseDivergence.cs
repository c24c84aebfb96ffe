using System.Runtime.CompilerServices;
using static DropoutSharp.Elementary;

namespace DropoutSharp;

/// <summary>Molchanov's fit of weights with a variance of their own, from θ and ln σ²: ln α = ln σ² − ln(θ² + 10⁻⁸), within ±8.</summary>
internal readonly struct SparseDivergence : IDivergence
{
    private const float K1 = 0.63576f, K2 = 1.8732f, K3 = 1.48695f, Limit = 8, Tiny = 1e-8f;

    /// <inheritdoc/>
    public static bool NeedsWeight => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Apply<TSingles>(TSingles weight, TSingles noise, out TSingles weightSlope, out TSingles noiseSlope)
        where TSingles : struct, ISingles<TSingles>
    {
        TSingles one = Number<TSingles>(1), square = (weight * weight) + Number<TSingles>(Tiny);
        TSingles free = noise - Log(square), logAlpha = Clamp(free, -Limit, Limit);

        // 1 − σ(x) = e⁻ˣ/(1 + e⁻ˣ), which keeps its digits where σ is nearly 1; and ½ ln(1 + 1/α) with 1/α = e^(−ln α).
        TSingles odds = Exp(TSingles.Zero - (Number<TSingles>(K2) + (logAlpha * Number<TSingles>(K3))));
        TSingles sigmoid = one / (one + odds), rest = odds * sigmoid;
        TSingles inverse = Exp(TSingles.Zero - logAlpha), above = one + inverse;
        TSingles value = (rest * Number<TSingles>(K1)) + (Log(above) * Number<TSingles>(0.5f));

        // At an end of the interval ln α no longer moves.
        TSingles slope = TSingles.Zero - (sigmoid * rest * Number<TSingles>(K1 * K3)) - (inverse / above * Number<TSingles>(0.5f));
        TSingles isBeyond = TSingles.Less(free, Number<TSingles>(-Limit)) | TSingles.Less(Number<TSingles>(Limit), free);
        noiseSlope = TSingles.Select(isBeyond, TSingles.Zero, slope);
        weightSlope = noiseSlope * weight / square * Number<TSingles>(-2);
        return value;
    }
}
