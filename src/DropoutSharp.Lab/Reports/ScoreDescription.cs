namespace DropoutSharp.Lab.Reports;

/// <summary>What a score is called, measured in, and which of its ends is the good one.</summary>
/// <param name="Name">The score's identifier, such as <c>mc_nll</c>.</param>
/// <param name="Label">Such as <c>NLL</c>.</param>
/// <param name="LongLabel">Such as <c>negative log-likelihood</c>.</param>
/// <param name="Unit">Such as <c>nats</c>; empty where it has none.</param>
/// <param name="Factor">What a value is multiplied by to be shown in <paramref name="Unit"/>: 100 for percent.</param>
/// <param name="HigherIsBetter">Whether more of it is better.</param>
/// <param name="IsMonteCarlo">Whether it judges the Monte-Carlo mean instead of plain evaluation.</param>
/// <param name="IsValidation">Whether it was taken on validation rows instead of held-out ones.</param>
public sealed record ScoreDescription(
    string Name, string Label, string LongLabel, string Unit, double Factor, bool HigherIsBetter, bool IsMonteCarlo, bool IsValidation)
{
    /// <summary>The prefix of scores of the Monte-Carlo mean.</summary>
    public const string MonteCarloPrefix = "mc_";

    /// <summary>The prefix of scores on validation rows.</summary>
    public const string ValidationPrefix = "validation_";

    private static readonly ScoreDescription[] Known =
    [
        new("accuracy", "Accuracy", "share of rows that are classified right", "%", 100, true, false, false),
        new("rmse", "RMSE", "root mean squared error", "", 1, false, false, false),
        new("nll", "NLL", "negative log-likelihood", "nats", 1, false, false, false),
        new("brier", "Brier", "Brier score", "", 1, false, false, false),
        new("crps", "CRPS", "continuous ranked probability score", "", 1, false, false, false),
        new("ece", "ECE", "expected calibration error", "%", 100, false, false, false),
    ];

    /// <summary>The order in which scores are shown.</summary>
    public static IReadOnlyList<string> Order { get; } = [.. Known.Select(static score => score.Name)];

    /// <summary>The score without its prefixes, such as <c>nll</c>.</summary>
    public string BaseName => Known.FirstOrDefault(known => Name.EndsWith(known.Name, StringComparison.Ordinal))?.Name ?? Name;

    /// <summary>The label with what it was taken on, such as <c>NLL of the Monte-Carlo mean</c>.</summary>
    public string FullLabel => Label + (IsMonteCarlo ? " of the Monte-Carlo mean" : string.Empty) + (IsValidation ? " on validation rows" : string.Empty);

    /// <summary>The label for an axis, with the unit: <c>NLL (nats)</c>.</summary>
    public string AxisLabel => Unit.Length == 0 ? FullLabel : $"{FullLabel} ({Unit})";

    /// <summary>The description of a score.</summary>
    /// <param name="name">The identifier, with its prefixes.</param>
    /// <param name="target">The target column, in whose unit RMSE and CRPS are; null where it is not known.</param>
    /// <returns>The description; for a score that is not known one that shows it by its identifier, less of it being better.</returns>
    public static ScoreDescription Of(string name, string? target = null)
    {
        bool isValidation = name.StartsWith(ValidationPrefix, StringComparison.Ordinal);
        string rest = isValidation ? name[ValidationPrefix.Length..] : name;
        bool isMonteCarlo = rest.StartsWith(MonteCarloPrefix, StringComparison.Ordinal);
        rest = isMonteCarlo ? rest[MonteCarloPrefix.Length..] : rest;
        ScoreDescription known = Known.FirstOrDefault(score => score.Name == rest)
            ?? new(rest, rest, rest, string.Empty, 1, false, false, false);
        string unit = known.Name is "rmse" or "crps" && target is not null ? $"unit of {target}" : known.Unit;
        return known with { Name = name, Unit = unit, IsMonteCarlo = isMonteCarlo, IsValidation = isValidation };
    }

    /// <summary>Whether a difference of this score is an improvement.</summary>
    /// <param name="difference">New minus old.</param>
    public bool IsImprovement(double difference) => HigherIsBetter ? difference > 0 : difference < 0;
}
