namespace DropoutSharp;

/// <summary>A drop rate that moves in a straight line from one rate to another, and stays there.</summary>
/// <remarks><c>rate(t) = from + (to − from)·min(1, t/steps)</c>.</remarks>
public sealed record LinearRate : RateSchedule
{
    /// <summary>A line between two rates.</summary>
    /// <param name="from">The drop rate at step 0.</param>
    /// <param name="to">The drop rate at step <paramref name="steps"/> and ever after.</param>
    /// <param name="steps">How many steps the way takes; 0 is <paramref name="to"/> from the start.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is negative.</exception>
    public LinearRate(DropRate from, DropRate to, long steps)
    {
        From = from;
        To = to;
        Steps = CheckSteps(steps, "Steps", nameof(steps));
    }

    /// <summary>The drop rate at step 0.</summary>
    public DropRate From { get; }

    /// <summary>The drop rate at the end.</summary>
    public DropRate To { get; }

    /// <summary>How many steps the way takes.</summary>
    public long Steps { get; }

    private protected override string Name => "linear";

    private protected override IEnumerable<string> Arguments => [Text(From), Text(To), Text(Steps)];

    private protected override DropRate RateAt(long step)
    {
        if (step >= Steps)
        {
            return To;
        }

        double part = (double)step / Steps;
        return Math.Clamp((From.Value * (1 - part)) + (To.Value * part), 0, 1);
    }
}
