namespace DropoutSharp.Lab.Claims;

/// <summary>What an experiment gives back.</summary>
/// <param name="Parts">The statements, each with its rule and verdict.</param>
/// <param name="Measured">What was measured beside the numbers of the parts.</param>
/// <param name="Picture">The picture.</param>
internal sealed record ClaimFindings(IReadOnlyList<ClaimPart> Parts, IReadOnlyList<Measurement> Measured, ClaimPicture Picture)
{
    /// <summary>What it was tried on, where that is not the data set of classes.</summary>
    public string? Data { get; init; }
}
