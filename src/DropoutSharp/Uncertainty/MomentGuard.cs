namespace DropoutSharp.Uncertainty;

/// <summary>The checks that the accumulators share.</summary>
internal static class MomentGuard
{
    public static void AtLeastOne(int value, string name, string what)
    {
        if (value < 1)
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"The number of {what} must be at least 1; received {value}."));
        }
    }

    public static void HasPasses(int passes)
    {
        if (passes == 0)
        {
            throw new InvalidOperationException("Moments need at least one pass; none was added.");
        }
    }
}
