namespace DropoutSharp;

/// <summary>Early dropout: dropout at the start of training only, which helps networks that underfit.</summary>
/// <remarks>
/// <para>Before step <c>until</c> the rate is constant, or falls in a line from the rate to 0; from then on it is 0.</para>
/// <para>Liu, Xu, Jin, Shen and Darrell, "Dropout reduces underfitting", ICML 2023; they use the first 50 of 300 or 600 epochs, linear.</para>
/// </remarks>
public sealed record EarlyRate : RateSchedule
{
    /// <summary>Dropout until a step.</summary>
    /// <param name="dropRate">The drop rate at step 0.</param>
    /// <param name="until">The first step without dropout.</param>
    /// <param name="fallLinearly">Whether the rate falls in a line to 0, instead of staying constant until then.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="until"/> is negative.</exception>
    public EarlyRate(DropRate dropRate, long until, bool fallLinearly = false)
    {
        DropRate = dropRate;
        Until = CheckSteps(until, "Until", nameof(until));
        FallLinearly = fallLinearly;
    }

    /// <summary>The drop rate at step 0.</summary>
    public DropRate DropRate { get; }

    /// <summary>The first step without dropout.</summary>
    public long Until { get; }

    /// <summary>Whether the rate falls in a line to 0.</summary>
    public bool FallLinearly { get; }

    private protected override string Name => FallLinearly ? "early-linear" : "early";

    private protected override IEnumerable<string> Arguments => [Text(DropRate), Text(Until)];

    private protected override DropRate RateAt(long step) =>
        step >= Until ? default : FallLinearly ? DropRate.Value * (1 - ((double)step / Until)) : DropRate;
}
