namespace DropoutSharp.Lab.Data;

/// <summary>How rows are streamed.</summary>
public sealed record RowStreamOptions
{
    /// <summary>Carries every column of the data along.</summary>
    public const string AllColumns = "*";

    /// <summary>How many rows are in memory at once.</summary>
    public int BatchRows { get; init; } = 4096;

    /// <summary>Columns to carry along beside the model's keys, or <see cref="AllColumns"/>.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Whether the target is read too, and so must be there; otherwise targets are NaN.</summary>
    public bool WithTarget { get; init; }
}
