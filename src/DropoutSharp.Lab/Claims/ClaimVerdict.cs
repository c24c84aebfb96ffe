namespace DropoutSharp.Lab.Claims;

/// <summary>What an experiment says about a claim.</summary>
public enum ClaimVerdict
{
    /// <summary>The rule is met beyond chance.</summary>
    Holds,

    /// <summary>The rule is broken beyond chance.</summary>
    DoesNotHold,

    /// <summary>The interval leaves both open.</summary>
    Undecided,
}
