namespace DropoutSharp;

/// <summary>What becomes of the seeds of many maps.</summary>
internal interface ISeedTarget
{
    /// <summary>Perhaps a seed on a cell of a map. Whether it is one cannot be predicted, so that a branch would cost more than the work.</summary>
    /// <param name="map">Which of the maps that are drawn.</param>
    /// <param name="cell">The cell's row-major index on it; a cell can appear more than once.</param>
    /// <param name="isSeed">All bits set for a seed, 0 for none.</param>
    void Place(int map, int cell, ulong isSeed);
}
