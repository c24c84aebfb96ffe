using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Nothing is added.</summary>
internal readonly struct NoBias : IBias
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSingles AddTo<TSingles>(TSingles x, long position)
        where TSingles : struct, ISingles<TSingles> => x;
}
