namespace DropoutSharp.Torch;

/// <summary>A dropout site as <see cref="ModelInspector"/> saw it.</summary>
/// <param name="Path">Its path in the model.</param>
/// <param name="Kind">Its type, such as <c>Dropout</c>.</param>
/// <param name="DropRate">Its drop rate; NaN where it has none.</param>
/// <param name="Shape">The shape of what entered it; empty where it was not run.</param>
public sealed record InspectedSite(string Path, string Kind, double DropRate, IReadOnlyList<long> Shape);
