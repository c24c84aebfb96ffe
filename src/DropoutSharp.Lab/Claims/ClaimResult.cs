namespace DropoutSharp.Lab.Claims;

/// <summary>What an experiment found about a claim.</summary>
public sealed record ClaimResult
{
    /// <summary>What is claimed.</summary>
    public required string Claim { get; init; }

    /// <summary>The claim's name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>The claim's number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What follows from all parts that decide.</summary>
    public required ClaimVerdict Verdict { get; init; }

    /// <summary>How long the experiment took, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The processor time that it took, over all threads, in seconds: what it costs, whatever else the machine does.</summary>
    public required double ProcessorSeconds { get; init; }

    /// <summary>What was done, in a few sentences.</summary>
    public required string Method { get; init; }

    /// <summary>On which data.</summary>
    public required string Data { get; init; }

    /// <summary>The statements, each with its rule and verdict.</summary>
    public required IReadOnlyList<ClaimPart> Parts { get; init; }

    /// <summary>Everything that was measured.</summary>
    public required IReadOnlyList<Measurement> Measured { get; init; }

    /// <summary>The picture.</summary>
    public required ClaimPicture Picture { get; init; }
}
