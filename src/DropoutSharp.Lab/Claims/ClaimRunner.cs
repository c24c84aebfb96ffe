using System.Diagnostics;

namespace DropoutSharp.Lab.Claims;

/// <summary>Tries claims one after the other.</summary>
public static class ClaimRunner
{
    /// <summary>Tries claims; each result comes when it is there.</summary>
    /// <param name="claims">Which.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Ends an experiment between two steps.</param>
    /// <param name="skipped">Told which claim the data do not suit, and what they lack; null where that is to be the user's mistake.</param>
    /// <exception cref="UserErrorException">The data cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The trial was cancelled.</exception>
    public static IEnumerable<ClaimResult> Run(IEnumerable<Claim> claims, ClaimOptions options, CancellationToken cancellation = default, Action<Claim, string>? skipped = null)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        using var context = new ClaimContext(options, cancellation);
        _ = context.DataName; // what cannot be read is said at once
        foreach (Claim claim in claims)
        {
            cancellation.ThrowIfCancellationRequested();
            if (claim.Lacks(context) is { } lacking)
            {
                (skipped ?? throw new UserErrorException($"Claim {claim.Name} must be tried on {lacking}; received '{context.DataName}'."))(claim, lacking);
                continue;
            }

            long start = Stopwatch.GetTimestamp();
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            ClaimFindings findings = claim.Try(context);
            context.Forget();
            yield return new ClaimResult
            {
                Claim = claim.Statement,
                Name = claim.Name,
                Number = claim.Number,
                Verdict = ClaimPart.Together([.. findings.Parts]),
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                ProcessorSeconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds,
                Method = claim.Method,
                Data = findings.Data ?? context.DataName,
                Parts = findings.Parts,
                Measured = [.. findings.Parts.Select(part => part.Measured).Concat(findings.Measured).DistinctBy(measured => measured.Name)],
                Picture = findings.Picture,
            };
        }
    }
}
