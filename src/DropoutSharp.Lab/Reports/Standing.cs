namespace DropoutSharp.Lab.Reports;

/// <summary>How a candidate stands against the network without dropout.</summary>
public enum Standing
{
    /// <summary>It is the network without dropout, or there are too few seeds to test.</summary>
    NotTested,

    /// <summary>The seeds leave open which of the two is better.</summary>
    Unclear,

    /// <summary>It is better, beyond the doubt that the comparison allows.</summary>
    Better,

    /// <summary>It is worse, beyond the doubt that the comparison allows.</summary>
    Worse,
}
