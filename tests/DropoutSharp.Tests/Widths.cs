namespace DropoutSharp.Tests;

/// <summary>The forms of a kernel. Widths that this processor lacks run all the same, in software.</summary>
internal static class Widths
{
    public static readonly Parallelism OneThread = new(1, long.MaxValue, 1 << 16);

    public static TheoryData<VectorWidth> All => new(Enum.GetValues<VectorWidth>());
}
