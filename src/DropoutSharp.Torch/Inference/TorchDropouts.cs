using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>TorchSharp's own dropout modules.</summary>
internal static class TorchDropouts
{
    /// <summary>The drop rate of one of TorchSharp's dropout modules; null for any other module.</summary>
    public static double? Rate(nn.Module module) => module switch
    {
        TorchSharp.Modules.Dropout dropout => dropout.p,
        Dropout1d dropout => dropout.p,
        Dropout2d dropout => dropout.p,
        Dropout3d dropout => dropout.p,
        TorchSharp.Modules.AlphaDropout dropout => dropout.p,
        TorchSharp.Modules.FeatureAlphaDropout dropout => dropout.p,
        _ => null,
    };

    /// <summary>Whether a module of TorchSharp may drop inside of libtorch, where neither its rate is seen nor anything can be exchanged.</summary>
    public static bool IsInside(nn.Module module) =>
        module is TransformerEncoderLayer or TransformerDecoderLayer or TorchSharp.Modules.Transformer or MultiheadAttention;

    /// <summary>Sets the drop rate of one of TorchSharp's dropout modules.</summary>
    public static void SetRate(nn.Module module, double dropRate)
    {
        switch (module)
        {
            case TorchSharp.Modules.Dropout dropout:
                dropout.p = dropRate;
                break;
            case Dropout1d dropout:
                dropout.p = dropRate;
                break;
            case Dropout2d dropout:
                dropout.p = dropRate;
                break;
            case Dropout3d dropout:
                dropout.p = dropRate;
                break;
            case TorchSharp.Modules.AlphaDropout dropout:
                dropout.p = dropRate;
                break;
            case TorchSharp.Modules.FeatureAlphaDropout dropout:
                dropout.p = dropRate;
                break;
        }
    }
}
