using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Writes through the caches, to any address.</summary>
internal readonly unsafe struct OrdinaryStore : IStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T, TSingles>(TSingles value, T* destination)
        where T : unmanaged
        where TSingles : struct, ISingles<TSingles> => Elements.Store(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TDoubles>(TDoubles value, double* destination)
        where TDoubles : struct, IDoubles<TDoubles> => TDoubles.Store(value, destination);
}
