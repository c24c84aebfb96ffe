using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary><see cref="FusedActivation.Silu"/>.</summary>
internal readonly struct SiluActivation : IActivationFunction
{
    public static bool IsShort => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Value<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles> => z * SingleMath.Sigmoid(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Slope<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles>
    {
        TSingles share = SingleMath.Sigmoid(z), one = SingleMath.Number<TSingles>(1);
        return share * (one + (z * (one - share)));
    }
}
