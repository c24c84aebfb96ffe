namespace DropoutSharp;

/// <summary>What is done with a mask, element by element. Positions count from the call's first element.</summary>
internal unsafe interface IMaskOperation
{
    /// <summary>The next <c>4·TCounters.Count</c> elements, a register's width at a time.</summary>
    /// <param name="position">The first of them.</param>
    /// <param name="kept">A bit an element, from the lowest; only so many bits belong to them.</param>
    void Apply<TCounters>(long position, uint* kept)
        where TCounters : struct, ICounters<TCounters>;

    /// <summary>One element.</summary>
    /// <param name="position">Which.</param>
    /// <param name="kept">Whether it is kept.</param>
    void Apply(long position, bool kept);

    /// <summary>Takes back an element that was applied as kept: its tie went the other way.</summary>
    /// <param name="position">Which.</param>
    void Drop(long position);
}
