namespace DropoutSharp;

/// <summary>The same drop rate at every step.</summary>
/// <param name="DropRate">The drop rate.</param>
public sealed record ConstantRate(DropRate DropRate) : RateSchedule
{
    private protected override string Name => "constant";

    private protected override IEnumerable<string> Arguments => [Text(DropRate)];

    private protected override DropRate RateAt(long step) => DropRate;
}
