using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Literature;

/// <summary>What changes the weights where masks that rows share are compared with masks a row.</summary>
public enum MaskGroupsOptimizer
{
    /// <summary><see cref="ThinnedAdam"/>, which passes over all weights.</summary>
    Adam,

    /// <summary><see cref="ThinnedSgd"/> without momentum, which touches kept weights alone.</summary>
    Sgd,
}
