using System.Globalization;

namespace DropoutSharp.Lab.Claims.Reporting;

/// <summary>Writes what was found about a claim for a terminal.</summary>
public static class ClaimTextReport
{
    /// <summary>Writes one claim: what is said, what was measured, and what follows.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="output">Where to.</param>
    public static void Write(ClaimResult result, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{result.Number,2}. {result.Name}: {ClaimText.Verdict(result.Verdict).ToUpperInvariant()} ({result.Data}, {result.Seconds:0} s)"));
        output.WriteLine($"    {result.Claim}");
        foreach (ClaimPart part in result.Parts)
        {
            string beside = part.Decides ? string.Empty : " (beside)";
            output.WriteLine($"    - {part.Statement} {ClaimText.Verdict(part.Verdict)}{beside}");
            output.WriteLine($"      {part.Measured.Name} {ClaimText.Interval(part.Measured)}; rule: {part.Rule}");
        }

        output.WriteLine();
    }
}
