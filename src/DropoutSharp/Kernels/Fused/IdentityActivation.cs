using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary><see cref="FusedActivation.Identity"/>.</summary>
internal readonly struct IdentityActivation : IActivationFunction
{
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Value<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles> => z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Slope<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles> => SingleMath.Number<TSingles>(1);
}
