namespace DropoutSharp.Lab.Claims;

/// <summary>One statement of a claim, with the rule that was fixed for it, what was measured, and what follows.</summary>
/// <param name="Statement">What is said.</param>
/// <param name="Rule">When it holds.</param>
/// <param name="Measured">The number that the rule is about.</param>
/// <param name="Verdict">What follows.</param>
/// <param name="Decides">Whether the claim's verdict depends on it; otherwise it is told beside.</param>
public sealed record ClaimPart(string Statement, string Rule, Measurement Measured, ClaimVerdict Verdict, bool Decides)
{
    /// <summary>Holds where the whole interval lies above a bound, does not hold where it lies below.</summary>
    /// <param name="statement">What is said.</param>
    /// <param name="measured">The number.</param>
    /// <param name="bound">The bound.</param>
    /// <param name="decides">Whether the claim depends on it.</param>
    public static ClaimPart Above(string statement, Measurement measured, double bound, bool decides = true) => new(
        statement,
        $"the 95 % interval of {measured.Name} lies above {ClaimText.Number(bound)}",
        measured,
        measured.Low > bound ? ClaimVerdict.Holds : measured.High <= bound ? ClaimVerdict.DoesNotHold : ClaimVerdict.Undecided,
        decides);

    /// <summary>Holds where the whole interval lies below a bound, does not hold where it lies above.</summary>
    /// <param name="statement">What is said.</param>
    /// <param name="measured">The number.</param>
    /// <param name="bound">The bound.</param>
    /// <param name="decides">Whether the claim depends on it.</param>
    public static ClaimPart Below(string statement, Measurement measured, double bound, bool decides = true) => new(
        statement,
        $"the 95 % interval of {measured.Name} lies below {ClaimText.Number(bound)}",
        measured,
        measured.High < bound ? ClaimVerdict.Holds : measured.Low >= bound ? ClaimVerdict.DoesNotHold : ClaimVerdict.Undecided,
        decides);

    /// <summary>Holds where the whole interval lies between two bounds, does not hold where it lies outside.</summary>
    /// <param name="statement">What is said.</param>
    /// <param name="measured">The number.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    /// <param name="decides">Whether the claim depends on it.</param>
    public static ClaimPart Between(string statement, Measurement measured, double low, double high, bool decides = true) => new(
        statement,
        $"the 95 % interval of {measured.Name} lies between {ClaimText.Number(low)} and {ClaimText.Number(high)}",
        measured,
        measured.Low >= low && measured.High <= high ? ClaimVerdict.Holds
            : measured.High < low || measured.Low > high ? ClaimVerdict.DoesNotHold : ClaimVerdict.Undecided,
        decides);

    /// <summary>What parts say together: the claim holds where all that decide hold, and does not where one of them does not.</summary>
    /// <param name="parts">The parts; at least one decides.</param>
    public static ClaimVerdict Together(IReadOnlyCollection<ClaimPart> parts)
    {
        ClaimVerdict[] verdicts = [.. parts.Where(part => part.Decides).Select(part => part.Verdict)];
        return verdicts.Length == 0 || verdicts.Contains(ClaimVerdict.DoesNotHold)
            ? verdicts.Length == 0 ? ClaimVerdict.Undecided : ClaimVerdict.DoesNotHold
            : verdicts.All(verdict => verdict == ClaimVerdict.Holds) ? ClaimVerdict.Holds : ClaimVerdict.Undecided;
    }
}
