using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>
/// A module of the wrapped cases made so wide that its masks have some 10⁷ elements in a few passes, with ones for weights and inputs, so that one number tells how many were kept.
/// </summary>
public sealed record WideCase
{
    /// <summary>Makes it at a drop rate.</summary>
    public required Func<double, nn.Module> Create { get; init; }

    /// <summary>One pass of it; gives the mean over its output.</summary>
    public required Func<nn.Module, double> Run { get; init; }

    /// <summary>Every site's mask of the latest pass.</summary>
    public required Func<nn.Module, Tensor[]> Masks { get; init; }

    /// <summary>How many passes are made.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>The mean of <see cref="Run"/> over masks, by the keep probability.</summary>
    public required Func<double, double> Mean { get; init; }

    /// <summary>What evaluation gives, by the keep probability; null for <see cref="Mean"/>.</summary>
    public Func<double, double>? Evaluated { get; init; }

    /// <summary>How fast <see cref="Run"/> rises with the share of a mask that is kept, by the keep probability; at most, where it is no straight line or masks differ.</summary>
    public required Func<double, double> Slope { get; init; }

    /// <summary>How many elements of a mask the slope is about in one pass; null for all of them.</summary>
    public long? Deciding { get; init; }

    /// <summary>Whether every mask keeps the same number: then nothing may deviate.</summary>
    public bool KeepsAFixedNumber { get; init; }
}
