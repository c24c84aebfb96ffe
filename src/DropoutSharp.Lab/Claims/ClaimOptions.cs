namespace DropoutSharp.Lab.Claims;

/// <summary>How claims are tried.</summary>
public sealed record ClaimOptions
{
    /// <summary>Whether the long form is run: more seeds, longer training.</summary>
    public bool Full { get; init; }

    /// <summary>Data of classes as <c>compare</c> takes them; null for the embedded digits.</summary>
    public string? DataPath { get; init; }

    /// <summary>How many trainings run at once, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Decides splits, first weights, row orders and masks.</summary>
    public ulong Seed { get; init; }
}
