namespace DropoutSharp;

/// <summary>What becomes of the seeds of many maps.</summary>
internal interface ISeedTarget
{
    /// <summary>A seed on a cell of a map; a cell can appear more than once.</summary>
    /// <param name="map">Which of the maps that are drawn.</param>
    /// <param name="cell">The cell's row-major index on it.</param>
    void Place(int map, int cell);
}
