using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>A module that drops something other than its input's elements: weights, paths, layers, tokens, states. It has float64 weights.</summary>
public sealed record WrappedCase
{
    /// <summary>Makes it: drop rate of every site, seed.</summary>
    public required Func<double, ulong?, nn.Module> Create { get; init; }

    /// <summary>One pass; where there are several outputs, all of them in one vector.</summary>
    public required Func<nn.Module, Tensor, Tensor> Run { get; init; }

    /// <summary>What a pass gives when nothing is dropped: the plain layer.</summary>
    public required Func<nn.Module, Tensor, Tensor> Plain { get; init; }

    /// <summary>What a pass in evaluation gives at drop rate 0.4, where that is not the plain layer.</summary>
    public Func<nn.Module, Tensor, Tensor>? Evaluated { get; init; }

    /// <summary>What a pass in training gives at drop rate 1.</summary>
    public required Func<nn.Module, Tensor, Tensor> AllDropped { get; init; }

    /// <summary>Whether the mean over masks is what evaluation gives: whether masks enter the output linearly.</summary>
    public bool KeepsExpectation { get; init; }

    /// <summary>Whether rows, the first dimension, have draws of their own.</summary>
    public bool HasRowMasks { get; init; }

    /// <summary>Whether evaluation gives the memory of the input.</summary>
    public bool IsAliasInEvaluation { get; init; }

    /// <summary>Whether drop rate 1 gives the memory of the input: nothing is computed.</summary>
    public bool IsAliasAtRateOne { get; init; }

    /// <summary>The sites with their latest masks.</summary>
    public required Func<nn.Module, (DropoutSite Site, Tensor? Mask)[]> Masks { get; init; }

    /// <summary>
    /// After a pass: tensors that single mask elements decide about, each with its mask brought to a shape that broadcasts to it; null where every element has several ways to the output.
    /// </summary>
    public Func<nn.Module, Tensor, (Tensor Leaf, Tensor Mask)[]>? Dropped { get; init; }

    /// <summary>A shape that it takes.</summary>
    public long[] Shape { get; init; } = [8, 6];

    /// <summary>A shape without rows.</summary>
    public long[] Empty { get; init; } = [0, 6];

    /// <summary>Shapes that it refuses.</summary>
    public long[][] WrongShapes { get; init; } = [];

    /// <summary>The size of the vocabulary whose tokens it takes, instead of floating-point numbers; 0 for none.</summary>
    public int Words { get; init; }

    /// <summary>An input of a shape and element type; tokens are integers whatever the type.</summary>
    public Tensor Input(long[] shape, ScalarType type) =>
        Words == 0 ? randn(shape, ScalarType.Float64).to(type) : arange(shape.Aggregate(1L, (product, size) => product * size)).remainder(Words).reshape(shape);
}
