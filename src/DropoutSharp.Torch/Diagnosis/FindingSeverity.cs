namespace DropoutSharp.Torch;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing; nothing needs to be done.</summary>
    Note,

    /// <summary>Likely a mistake, or costs accuracy.</summary>
    Warning,
}
