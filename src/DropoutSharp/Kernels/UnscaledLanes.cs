using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DropoutSharp;

/// <summary>Gathered elements stay as they are.</summary>
internal readonly struct UnscaledLanes : ILaneScale
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Invoke(Vector512<uint> lanes) => lanes;
}
