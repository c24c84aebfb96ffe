namespace DropoutSharp.Torch;

/// <summary>How Monte-Carlo passes are run.</summary>
/// <param name="Passes">The number T of passes; at least 1. Errors of means fall as 1/√T; 20 to 100 are usual.</param>
/// <param name="Seed">Decides all masks: the same seed gives the same passes again.</param>
/// <param name="IsSharedByRows">Whether the rows of a pass share one mask (one sub-network a pass) instead of each row drawing its own.</param>
/// <param name="BatchSize">The most rows a forward pass gets at once; 0 for all. The results do not depend on it.</param>
/// <param name="FirstRow">
/// The index, in the whole data, of the input's first row: whoever streams data in pieces and counts here gets the masks of the whole.
/// </param>
/// <param name="Execution">How the passes are computed; they draw the same masks in every way, and the results agree to rounding.</param>
/// <param name="Workers">How many passes, or stacks of passes, may run at the same time, each by one thread, where the model's parts allow it; 0 leaves it to the cost model, 1 forbids it.</param>
/// <param name="PassesAtOnce">How many passes are stacked where the way is <see cref="McExecution.Stacked"/>; 0 leaves it to the cost model.</param>
public readonly record struct McDropoutOptions(
    int Passes = 50,
    ulong Seed = 0,
    bool IsSharedByRows = false,
    int BatchSize = 0,
    long FirstRow = 0,
    McExecution Execution = McExecution.Automatic,
    int Workers = 0,
    int PassesAtOnce = 0)
{
    /// <summary>50 passes with seed 0.</summary>
    public McDropoutOptions()
        : this(50)
    {
    }

    internal void Check()
    {
        AtLeast(Passes, 1, nameof(Passes), "The number of passes");
        AtLeast(BatchSize, 0, nameof(BatchSize), "The batch size");
        AtLeast(FirstRow, 0, nameof(FirstRow), "The first row");
        AtLeast(Workers, 0, nameof(Workers), "The number of workers");
        AtLeast(PassesAtOnce, 0, nameof(PassesAtOnce), "The number of passes at once");
        if (!Enum.IsDefined(Execution))
        {
            throw new ArgumentOutOfRangeException(nameof(Execution), Execution, $"Execution must be {string.Join(", ", Enum.GetNames<McExecution>())}; received {Execution}.");
        }
    }

    private static void AtLeast(long value, long least, string name, string what)
    {
        if (value < least)
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{what} must be at least {least}; received {value}."));
        }
    }
}
