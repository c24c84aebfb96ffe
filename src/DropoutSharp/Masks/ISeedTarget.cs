namespace DropoutSharp;

/// <summary>What becomes of the seeds of many maps.</summary>
internal unsafe interface ISeedTarget
{
    /// <summary>Takes some seeds, in any order.</summary>
    /// <param name="seeds">For each, which of the maps that are drawn in its upper half, and the cell's row-major index on it in the lower; a cell can appear more than once.</param>
    /// <param name="count">How many there are.</param>
    void Place(uint* seeds, int count);
}
