using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DropoutSharp;

/// <summary>Gathered elements are floats, and are multiplied with a factor.</summary>
internal readonly struct ScaledLanes(float factor) : ILaneScale
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Invoke(Vector512<uint> lanes) => (lanes.AsSingle() * factor).AsUInt32();
}
