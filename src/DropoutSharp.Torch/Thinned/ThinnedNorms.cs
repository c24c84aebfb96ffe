using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Normalisation of tensors of which only kept features exist.</summary>
internal static class ThinnedNorms
{
    /// <summary>
    /// Batch normalisation: features that a mask will drop can be left out where no running statistics need them. Zeros that a mask has left are moved by it, so behind a mask it gets all features.
    /// </summary>
    public static ThinTensor Run(BatchNormStep step, ThinTensor x)
    {
        bool byStatistics = !step.Module.training && step.Module.running_mean is not null;
        bool fits = !step.KeepsStatistics && (byStatistics || x.Parts.Length == 1)
            && Array.TrueForAll(x.Parts, static part => part is { IsAwaiting: true, Kept: { Dimension: 1, Run: 1 } });
        return fits
            ? new ThinTensor([.. x.Parts.Select(part => part with { Values = Normalize(step, part, byStatistics) })])
            : ThinTensor.Whole(step.Module.call(ThinTensors.Dense(x)));
    }

    /// <summary>RMS normalisation: the root is taken over all features, of which those that are missing are zero.</summary>
    public static ThinTensor Run(RmsNormStep step, ThinTensor x)
    {
        bool fits = x.IsThin && Array.TrueForAll(x.Parts, static part => part.Kept is { Run: 1 } kept && !part.IsAwaiting && kept.Dimension == part.Values.dim() - 1);
        return fits
            ? new ThinTensor([.. x.Parts.Select(part => part with { Values = step.Module.Normalize(part.Values, part.Kept) })])
            : ThinTensor.Whole(step.Module.call(ThinTensors.Dense(x)));
    }

    private static Tensor Normalize(BatchNormStep step, ThinPart part, bool byStatistics)
    {
        TorchSharp.Modules.BatchNorm norm = step.Module;
        KeptFeatures kept = part.Kept! with { Dimension = 0 }; // the caller has checked it
        return nn.functional.batch_norm(
            part.Values,
            byStatistics ? ThinTensors.Take(norm.running_mean!, kept) : null!,
            byStatistics ? ThinTensors.Take(norm.running_var!, kept) : null!,
            norm.affine ? ThinTensors.Take(norm.weight, kept) : null!,
            norm.affine ? ThinTensors.Take(norm.bias!, kept) : null!,
            !byStatistics,
            norm.momentum ?? 0,
            norm.eps);
    }
}
