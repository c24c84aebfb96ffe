namespace DropoutSharp.Torch;

/// <summary>One thing that was done to a model, or could not be.</summary>
/// <param name="Path">The module's path in the model; empty for the model itself.</param>
/// <param name="Before">What was there.</param>
/// <param name="After">What is there now, or would be.</param>
/// <param name="Refusal">Why it could not be done; null where it was.</param>
public sealed record SurgeryChange(string Path, string Before, string After, string? Refusal = null)
{
    /// <summary>Whether it was done.</summary>
    public bool IsDone => Refusal is null;

    /// <summary>The change in one line.</summary>
    public override string ToString()
    {
        string where = Path.Length == 0 ? "the model itself" : Path;
        return IsDone ? $"{where}: {Before} → {After}" : $"{where}: {Before} stays, because {Refusal}";
    }
}
