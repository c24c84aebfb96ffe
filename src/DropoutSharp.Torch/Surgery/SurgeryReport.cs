using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A model after surgery, and what was done to it.</summary>
/// <param name="Model">The model to go on with: another object than before where the model itself was exchanged.</param>
/// <param name="Changes">Everything that was done or refused, in the model's order.</param>
public sealed record SurgeryReport(nn.Module Model, IReadOnlyList<SurgeryChange> Changes)
{
    /// <summary>Whether anything was changed.</summary>
    public bool HasChanged => Changes.Any(static change => change.IsDone);

    /// <summary>What could not be done.</summary>
    public IEnumerable<SurgeryChange> Refusals => Changes.Where(static change => !change.IsDone);

    /// <summary>One line a change, or that nothing was changed.</summary>
    public override string ToString() => Changes.Count == 0 ? "Nothing was changed." : string.Join(Environment.NewLine, Changes);
}
