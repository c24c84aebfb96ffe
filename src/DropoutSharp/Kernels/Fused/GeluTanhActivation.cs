using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary><see cref="FusedActivation.GeluTanh"/>.</summary>
internal readonly struct GeluTanhActivation : IActivationFunction
{
    private const float TwiceRoot = 1.5957691f; // 2·√(2/π)
    private const float Cubic = 0.044715f;

    public static bool IsShort => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Value<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles> => z * Share(z, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Slope<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles>
    {
        TSingles share = Share(z, out TSingles square), one = SingleMath.Number<TSingles>(1);
        TSingles inner = (one + (square * SingleMath.Number<TSingles>(3 * Cubic))) * SingleMath.Number<TSingles>(TwiceRoot);
        return share + (z * share * (one - share) * inner);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSingles Share<TSingles>(TSingles z, out TSingles square)
        where TSingles : struct, ISingles<TSingles>
    {
        square = z * z;
        return SingleMath.Sigmoid(z * (SingleMath.Number<TSingles>(1) + (square * SingleMath.Number<TSingles>(Cubic))) * SingleMath.Number<TSingles>(TwiceRoot));
    }
}
