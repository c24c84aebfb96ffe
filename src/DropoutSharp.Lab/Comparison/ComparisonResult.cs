namespace DropoutSharp.Lab.Comparison;

/// <summary>What a comparison found: the data, one entry a variant and rate, and the answer.</summary>
public sealed record ComparisonResult
{
    /// <summary>What was compared on.</summary>
    public required DataSummary Data { get; init; }

    /// <summary>The network that was trained, the same for every candidate but for its dropout.</summary>
    public required NetworkSummary Network { get; init; }

    /// <summary>Every variant at every rate; "none" comes first.</summary>
    public required IReadOnlyList<CandidateResult> Candidates { get; init; }

    /// <summary>The answer; null where the comparison was stopped before it could be given.</summary>
    public required Verdict? Verdict { get; init; }

    /// <summary>Held-out rows about which a model is least sure, the least sure first.</summary>
    public required IReadOnlyList<UnsureExample> UnsureExamples { get; init; }

    /// <summary>Whose doubt <see cref="UnsureExamples"/> tell, where it is not the recommended candidate's; null where it is.</summary>
    public CandidateName? UnsureCandidate { get; init; }

    /// <summary>Whether every candidate and seed was trained.</summary>
    public required bool Complete { get; init; }

    /// <summary>How long the comparison took, in seconds, without time that was spent before a resume.</summary>
    public required double Seconds { get; init; }

    /// <summary>The confidence level of every interval, such as 0.95.</summary>
    public required double ConfidenceLevel { get; init; }

    /// <summary>The score by which candidates are ranked, such as <c>nll</c>.</summary>
    public required string RankedBy { get; init; }

    /// <summary>What else a person needs to run it again, in words: name and value, such as <c>Batch size</c> and <c>128</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Configuration { get; init; } = [];
}
