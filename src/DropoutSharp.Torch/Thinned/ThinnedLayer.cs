namespace DropoutSharp.Torch;

/// <summary>How a layer was computed in a forward pass of a <see cref="ThinnedNetwork"/>.</summary>
/// <param name="Path">The names that lead to the layer, separated by dots.</param>
/// <param name="Groups">In how many groups of rows it was computed, each with its own part of the weights.</param>
/// <param name="Inputs">How many input features (channels of a convolution) the layer has.</param>
/// <param name="UsedInputs">How many of them were multiplied; the mean over the groups.</param>
/// <param name="Outputs">How many output features it has.</param>
/// <param name="UsedOutputs">How many of them were computed; the mean over the groups.</param>
public sealed record ThinnedLayer(string Path, int Groups, long Inputs, double UsedInputs, long Outputs, double UsedOutputs)
{
    /// <summary>The share of the layer's products that was computed.</summary>
    public double Share => Inputs * Outputs == 0 ? 1 : UsedInputs * UsedOutputs / (Inputs * (double)Outputs);
}
