namespace DropoutSharp.Lab.Data;

/// <summary>How data are read, split and turned into features.</summary>
public sealed record DatasetOptions
{
    /// <summary>The column to predict; null for one named target, label, class or y, and otherwise the last.</summary>
    public string? Target { get; init; }

    /// <summary>What is to be learned; null to find it from the target: text, true and false, and few whole numbers are classes.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>How many rows are learned from; null for all that validation and test leave.</summary>
    public int? TrainRows { get; init; }

    /// <summary>The share of the rows that decides when to stop and which rate is best, in (0, 1).</summary>
    public double ValidationShare { get; init; } = 0.15;

    /// <summary>The share of the rows that judges, in (0, 1); unused where the data come with a test part of their own.</summary>
    public double TestShare { get; init; } = 0.2;

    /// <summary>Decides which row goes to which part.</summary>
    public ulong Seed { get; init; }

    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Columns that hold categories though their values may look like numbers.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>How many levels of a category get a feature of their own at most; the rest share one.</summary>
    public int MaximumLevels { get; init; } = 50;

    /// <summary>How many training rows a level needs for a feature of its own.</summary>
    public int MinimumLevelRows { get; init; } = 5;

    internal void Check()
    {
        if (!(ValidationShare > 0 && ValidationShare < 1))
        {
            throw new UserErrorException($"Validation share must be in (0, 1); received {NumberColumn.Format(ValidationShare)}.");
        }

        if (!(TestShare > 0 && TestShare < 1))
        {
            throw new UserErrorException($"Test share must be in (0, 1); received {NumberColumn.Format(TestShare)}.");
        }

        if (ValidationShare + TestShare >= 1)
        {
            throw new UserErrorException(
                $"Validation and test shares must leave rows to learn from; received {NumberColumn.Format(ValidationShare)} and {NumberColumn.Format(TestShare)}.");
        }

        if (TrainRows is <= 0)
        {
            throw new UserErrorException($"Train rows must be at least 1; received {TrainRows}.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumLevels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumLevelRows, 1);
    }
}
