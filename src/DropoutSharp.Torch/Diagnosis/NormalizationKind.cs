using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>How a layer normalises.</summary>
public enum NormalizationKind
{
    /// <summary>By statistics of the batch in training and by remembered ones in evaluation: a change of variance between the two is not made up for.</summary>
    Batch,

    /// <summary>By each row's own mean and variance in both modes (LayerNorm, GroupNorm, InstanceNorm): a change of variance is made up for on the spot.</summary>
    Row,

    /// <summary>By each row's own root mean square in both modes (RMSNorm).</summary>
    RootMeanSquare,
}

internal static class NormalizationKinds
{
    public static NormalizationKind? Of(nn.Module module)
    {
        string name = module.GetType().Name;
        return module switch
        {
            TorchSharp.Modules.BatchNorm => NormalizationKind.Batch,
            TorchSharp.Modules.LayerNorm or TorchSharp.Modules.GroupNorm => NormalizationKind.Row,
            TorchSharp.Modules.NormBase => NormalizationKind.Row, // InstanceNorm
            _ when name.Contains("RMSNorm", StringComparison.OrdinalIgnoreCase) => NormalizationKind.RootMeanSquare,
            _ => null,
        };
    }
}
