namespace DropoutSharp;

/// <summary>What is done with the words of the mask stream's real numbers. Positions count from the call's first element.</summary>
internal unsafe interface IRealOperation
{
    /// <summary>Does a stretch of elements.</summary>
    /// <param name="words">The words of a block of elements, whose first is a multiple of 4; the operation may overwrite them.</param>
    /// <param name="from">Where in the block the stretch begins.</param>
    /// <param name="to">Where it ends. The block goes on at least to the next multiple of <see cref="RealDriver.Batch"/>.</param>
    /// <param name="position">The position of the element at <paramref name="from"/>.</param>
    void Apply<TSingles, TDoubles>(uint* words, int from, int to, long position)
        where TSingles : struct, ISingles<TSingles>
        where TDoubles : struct, IDoubles<TDoubles>;
}
