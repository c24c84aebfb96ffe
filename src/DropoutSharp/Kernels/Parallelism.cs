namespace DropoutSharp;

/// <summary>How a call is spread over threads.</summary>
/// <param name="Threads">The most threads, the caller's among them.</param>
/// <param name="LeastLength">Shorter calls are done by the caller's thread alone.</param>
/// <param name="Piece">How many elements a thread claims at once; whole groups of the mask.</param>
internal readonly record struct Parallelism(int Threads, long LeastLength, long Piece)
{
    /// <summary>What the public operations use.</summary>
    /// <remarks>
    /// Waking a thread takes about as long as 2¹⁸ elements: below twice that a second one does not pay. A team's threads that spin are awake.
    /// </remarks>
    public static Parallelism Default => DropoutPrimitives.Team is { Spins: true }
        ? new(DropoutPrimitives.MaxDegreeOfParallelism, 1 << 16, 1 << 14)
        : new(DropoutPrimitives.MaxDegreeOfParallelism, 1 << 19, 1 << 14);

    /// <summary>The same for normal numbers, which cost several times as much.</summary>
    public static Parallelism ForReals => new(DropoutPrimitives.MaxDegreeOfParallelism, 1 << 16, 1 << 14);
}
