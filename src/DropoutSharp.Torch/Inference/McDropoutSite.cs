namespace DropoutSharp.Torch;

/// <summary>A dropout layer of a model, as Monte-Carlo dropout found it.</summary>
/// <param name="Path">The names that lead to it, separated by dots; empty for the model itself.</param>
/// <param name="Kind">The type's name, such as <c>Dropout</c>.</param>
/// <param name="DropRate">Its drop rate at that time.</param>
/// <param name="IsTorchSharps">Whether it is TorchSharp's own module, which draws from torch's generator, and not one of this library.</param>
public sealed record McDropoutSite(string Path, string Kind, double DropRate, bool IsTorchSharps);
