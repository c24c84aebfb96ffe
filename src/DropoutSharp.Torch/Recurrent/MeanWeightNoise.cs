using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Hidden-to-hidden weights at their mean: the classic form's evaluation.</summary>
internal sealed class MeanWeightNoise(double keepProbability) : RecurrentNoise
{
    public override Tensor HiddenWeight(Tensor weight, int chain) => weight.Times(keepProbability);
}
