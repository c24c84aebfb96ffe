using System.Globalization;

namespace DropoutSharp.Lab.Comparison;

/// <summary>One training of one candidate.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Seed">The seed.</param>
public sealed record Trial(Candidate Candidate, ulong Seed)
{
    /// <summary>A name for files, such as <c>dropout-0.2-seed-3</c>.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Candidate.Id}-seed-{Seed}");
}
