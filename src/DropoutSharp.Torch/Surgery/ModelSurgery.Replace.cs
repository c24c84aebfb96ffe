using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

public static partial class ModelSurgery
{
    /// <summary>Exchanges TorchSharp's dropout modules for ours: the same kinds, rates and modes.</summary>
    /// <param name="model">Any module.</param>
    /// <param name="seed">The key of all masks, with the sites numbered in the model's order; null draws one for each from torch's own generator.</param>
    /// <returns>The model to go on with, what was exchanged, and what cannot be: the dropout inside of TorchSharp's transformer layers and attention.</returns>
    /// <remarks>
    /// <c>Dropout1d</c>, <c>Dropout2d</c> and <c>Dropout3d</c> become <see cref="SpatialDropout1d"/>, <see cref="SpatialDropout2d"/> and <see cref="SpatialDropout3d"/>, which refuse the ranks at
    /// which the others guess.
    /// </remarks>
    public static SurgeryReport UseDropoutSharp(nn.Module model, ulong? seed = null)
    {
        uint next = 0;
        return Exchange(model, (_, module) =>
        {
            if (TorchDropouts.Rate(module) is not double rate)
            {
                return TorchDropouts.IsInside(module) ? Refuse(module, "dropout that it was made with is inside of libtorch, where it cannot be reached") : null;
            }

            uint site = next++;
            return rate is >= 0 and <= 1
                ? new Replacement(module.GetType().Name, () => Ours(module, rate, seed, site))
                : new Replacement(module.GetType().Name, null, $"its rate {rate} is not in [0, 1]");
        });
    }

    /// <summary>Exchanges our dropout modules for TorchSharp's, where it has one that does the same.</summary>
    /// <param name="model">Any module.</param>
    /// <returns>The model to go on with, what was exchanged, and what TorchSharp has no counterpart of.</returns>
    public static SurgeryReport UseTorchSharp(nn.Module model) => Exchange(model, static (_, module) => module switch
    {
        Dropout { IsElementwise: false } => Refuse(module, "TorchSharp's Dropout has no mask shape"),
        AlphaDropout { IsElementwise: false } => Refuse(module, "TorchSharp's AlphaDropout has no mask shape"),
        MaskedModule { Scaling: Scaling.AtInference } => Refuse(module, "TorchSharp's dropout is not scaled at inference"),
        SpatialDropout { ChannelsLast: true } or FeatureAlphaDropout { ChannelsLast: true } => Refuse(module, "TorchSharp's has channels first only"),
        Dropout own => new Replacement(nameof(Dropout), () => nn.Dropout(own.DropRate.Value, own.Inplace)),
        SpatialDropout1d own => new Replacement(nameof(Dropout1d), () => nn.Dropout1d(own.DropRate.Value, own.Inplace)),
        SpatialDropout2d own => new Replacement(nameof(Dropout2d), () => nn.Dropout2d(own.DropRate.Value, own.Inplace)),
        SpatialDropout3d own => new Replacement(nameof(Dropout3d), () => nn.Dropout3d(own.DropRate.Value, own.Inplace)),
        AlphaDropout own => new Replacement(nameof(AlphaDropout), () => nn.AlphaDropout(own.DropRate.Value, own.Inplace)),
        FeatureAlphaDropout own => new Replacement(nameof(FeatureAlphaDropout), () => nn.FeatureAlphaDropout(own.DropRate.Value, own.Inplace)),
        AttentionDropout => Refuse(module, "attention calls it by its own type"),
        _ when module.named_children().Any(static child => child.module is DropoutSite) => Refuse(module, "TorchSharp has no counterpart"),
        _ => null,
    });

    private static Replacement Refuse(nn.Module module, string reason) => new(module.GetType().Name, null, reason);

    private static nn.Module Ours(nn.Module module, double rate, ulong? seed, uint site) => module switch
    {
        TorchSharp.Modules.Dropout other => new Dropout(rate, inplace: other.inplace, seed: seed, site: site),
        Dropout1d other => new SpatialDropout1d(rate, inplace: other.inplace, seed: seed, site: site),
        Dropout2d other => new SpatialDropout2d(rate, inplace: other.inplace, seed: seed, site: site),
        Dropout3d other => new SpatialDropout3d(rate, inplace: other.inplace, seed: seed, site: site),
        TorchSharp.Modules.AlphaDropout other => new AlphaDropout(rate, inplace: other.inplace, seed: seed, site: site),
        TorchSharp.Modules.FeatureAlphaDropout other => new FeatureAlphaDropout(rate, inplace: other.inplace, seed: seed, site: site),
        _ => throw new ArgumentException($"Module must be one of TorchSharp's dropout modules; received {module.GetName()}.", nameof(module)),
    };
}
