namespace DropoutSharp;

/// <summary>Late dropout: none at the start of training, for networks that overfit only later.</summary>
/// <remarks>Liu, Xu, Jin, Shen and Darrell, "Dropout reduces underfitting", ICML 2023, who start it after 50 epochs.</remarks>
public sealed record LateRate : RateSchedule
{
    /// <summary>Dropout from a step on.</summary>
    /// <param name="dropRate">The drop rate from then on.</param>
    /// <param name="from">The first step with dropout.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="from"/> is negative.</exception>
    public LateRate(DropRate dropRate, long from)
    {
        DropRate = dropRate;
        From = CheckSteps(from, "From", nameof(from));
    }

    /// <summary>The drop rate from then on.</summary>
    public DropRate DropRate { get; }

    /// <summary>The first step with dropout.</summary>
    public long From { get; }

    private protected override string Name => "late";

    private protected override IEnumerable<string> Arguments => [Text(DropRate), Text(From)];

    private protected override DropRate RateAt(long step) => step < From ? default : DropRate;
}
