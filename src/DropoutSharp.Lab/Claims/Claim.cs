namespace DropoutSharp.Lab.Claims;

/// <summary>A statement about dropout, the experiment that tries it, and the rule by which it is judged.</summary>
public abstract class Claim
{
    /// <summary>The claim's number, from 1.</summary>
    public abstract int Number { get; }

    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What is claimed.</summary>
    public abstract string Statement { get; }

    /// <summary>What is done to try it.</summary>
    public abstract string Method { get; }

    /// <summary>What the data lack for this claim, as in "images"; null where it can be tried on them.</summary>
    /// <param name="context">The data.</param>
    internal virtual string? Lacks(ClaimContext context) => null;

    /// <summary>Runs the experiment.</summary>
    /// <param name="context">Data, seeds and threads.</param>
    internal abstract ClaimFindings Try(ClaimContext context);
}
