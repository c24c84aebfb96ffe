using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Inspection;

/// <summary>How much the units of one layer rely on each other, in two models.</summary>
/// <param name="Layer">The layer's path in both.</param>
/// <param name="Model">In the model that is inspected.</param>
/// <param name="Against">In the other one.</param>
public sealed record CoAdaptationPair(string Layer, CoAdaptationReport Model, CoAdaptationReport Against);
