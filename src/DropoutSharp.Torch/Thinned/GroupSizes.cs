namespace DropoutSharp.Torch;

/// <summary>How the rows of a batch are cut into groups of neighbours.</summary>
internal static class GroupSizes
{
    /// <summary>The sizes of the groups: as equal as they can be, larger ones first.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="groups">How many groups, at least 1 and at most the rows.</param>
    public static long[] Of(long rows, long groups)
    {
        long[] sizes = new long[groups];
        for (long i = 0; i < groups; i++)
        {
            sizes[i] = (rows / groups) + (i < rows % groups ? 1 : 0);
        }

        return sizes;
    }
}
