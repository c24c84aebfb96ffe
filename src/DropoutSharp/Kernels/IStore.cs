namespace DropoutSharp;

/// <summary>How results are written to memory.</summary>
internal unsafe interface IStore
{
    /// <summary>Writes a register of elements of any type but double.</summary>
    static abstract void Store<T, TSingles>(TSingles value, T* destination)
        where T : unmanaged
        where TSingles : struct, ISingles<TSingles>;

    /// <summary>Writes a register of doubles.</summary>
    static abstract void Store<TDoubles>(TDoubles value, double* destination)
        where TDoubles : struct, IDoubles<TDoubles>;
}
