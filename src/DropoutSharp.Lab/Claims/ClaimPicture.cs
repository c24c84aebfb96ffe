namespace DropoutSharp.Lab.Claims;

/// <summary>The picture of a claim: series over a number or over names.</summary>
public sealed record ClaimPicture
{
    /// <summary>What it shows, for those who cannot see it.</summary>
    public required string Description { get; init; }

    /// <summary>The horizontal axis with its unit.</summary>
    public required string XTitle { get; init; }

    /// <summary>The vertical axis with its unit.</summary>
    public required string YTitle { get; init; }

    /// <summary>The names along the horizontal axis, for positions 0, 1, …; null where it is a number.</summary>
    public IReadOnlyList<string>? XNames { get; init; }

    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    public bool LogarithmicX { get; init; }

    /// <summary>The series; at least one.</summary>
    public required IReadOnlyList<ClaimSeries> Series { get; init; }
}
