using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary><see cref="FusedActivation.Gelu"/>.</summary>
internal readonly struct GeluActivation : IActivationFunction
{
    private const float InverseRootOfTwoPi = 0.39894228f;

    public static bool IsShort => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Value<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles> => z * SingleMath.Normal(z).Distribution;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Slope<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles>
    {
        (TSingles distribution, TSingles exponential) = SingleMath.Normal(z);
        return distribution + (z * exponential * SingleMath.Number<TSingles>(InverseRootOfTwoPi));
    }
}
