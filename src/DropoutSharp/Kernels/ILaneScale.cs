using System.Runtime.Intrinsics;

namespace DropoutSharp;

/// <summary>What becomes of elements of four bytes that are gathered.</summary>
internal interface ILaneScale
{
    /// <summary>A vector of them.</summary>
    Vector512<uint> Invoke(Vector512<uint> lanes);
}
