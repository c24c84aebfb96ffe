namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>How a model's uncertainty is judged.</summary>
public sealed record QualityOptions
{
    /// <summary>Monte-Carlo passes; at least 1.</summary>
    public int Passes { get; init; } = 100;

    /// <summary>Decides masks, and which rows calibrate.</summary>
    public ulong Seed { get; init; }

    /// <summary>The most rows that are judged, of each data set; 0 for all.</summary>
    public int Rows { get; init; }

    /// <summary>Bins of the calibration errors, at most as many as rows; for numbers the levels of central intervals. Null for 15, or 19 levels.</summary>
    public int? Bins { get; init; }

    /// <summary>The noise precision τ of a number, in one over its unit squared; null for the noise that the validation rows of its training showed.</summary>
    public double? Precision { get; init; }

    /// <summary>The levels at which coverage is measured, each above 0 and below 1.</summary>
    public IReadOnlyList<double> Levels { get; init; } = [0.5, 0.8, 0.9, 0.95];
}
