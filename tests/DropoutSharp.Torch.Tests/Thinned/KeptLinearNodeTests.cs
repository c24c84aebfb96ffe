using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests;

/// <summary>Layers on a part of their weights that is taken out again in the backward pass.</summary>
public sealed class KeptLinearNodeTests : TensorTests
{
    private static readonly int[] Rows = [0, 2, 3, 6], Columns = [1, 2, 4];

    [Theory]
    [InlineData(true, 1.0)]
    [InlineData(false, 1.25)]
    public void Apply_PartOfWeights_HasGradientsOfGatheredLayer(bool hasBias, double scale)
    {
        using Layer layer = new();
        Tensor input = Leaf(9, Columns.Length), other = input.detach().clone().requires_grad_(true), bias = Leaf(Rows.Length), otherBias = bias.detach().clone().requires_grad_(true);
        Tensor output = layer.Apply(input, hasBias ? bias : null, scale), expected = layer.Gathered(other, hasBias ? otherBias : null, scale);
        AssertClose(expected, output);

        expected.square().sum().backward();
        Tensor gradient = layer.Weight.grad!.clone();
        layer.Weight.grad = null;
        output.square().sum().backward();
        Assert.Null(layer.Weight.grad);
        layer.Optimizer.WriteGradients();
        AssertClose(gradient, layer.Weight.grad!);
        AssertClose(other.grad!, input.grad!);
        if (hasBias)
        {
            AssertClose(otherBias.grad!, bias.grad!);
        }
    }

    [Fact]
    public void Apply_SequencesWithoutGradient_HasGradientOfWeights()
    {
        using Layer layer = new();
        Tensor input = randn(4, 5, Columns.Length, ScalarType.Float64);
        Tensor expected = layer.Gathered(input, null, 1);
        expected.square().sum().backward();
        Tensor gradient = layer.Weight.grad!.clone();
        layer.Weight.grad = null;

        Tensor output = layer.Apply(input, null, 1);
        AssertClose(expected, output);
        output.square().sum().backward();
        layer.Optimizer.WriteGradients();
        AssertClose(gradient, layer.Weight.grad!);
    }

    [Fact]
    public void Apply_GradientOfGradients_IsThatOfGatheredLayer()
    {
        using Layer layer = new();
        Tensor input = Leaf(9, Columns.Length), other = input.detach().clone().requires_grad_(true);
        Penalty(layer.Gathered(other, null, 1.25), other).backward();
        Tensor gradient = layer.Weight.grad!.clone();
        layer.Weight.grad = null;

        Penalty(layer.Apply(input, null, 1.25), input).backward();
        layer.Optimizer.WriteGradients();
        AssertClose(gradient, layer.Weight.grad!);
        AssertClose(other.grad!, input.grad!);

        Tensor Penalty(Tensor output, Tensor from)
        {
            IList<Tensor> gradients = autograd.grad([output.pow(3).sum()], [from, layer.Weight], retain_graph: true, create_graph: true);
            return gradients[0].square().sum() + gradients[1].square().sum();
        }
    }

    [Fact]
    public void Apply_WeightChangedInPlace_IsRefusedByTheBackwardPass() => AssertRefused(static (_, weight) => weight, hasGradient: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_InputChangedInPlace_IsRefusedByTheBackwardPass(bool hasGradient) => AssertRefused(static (input, _) => input, hasGradient);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_WeightOrInputChangedInPlaceAndOneGradientAskedFor_IsRefusedByTheBackwardPass(bool isOfInput)
    {
        using Layer layer = new();
        Tensor input = Leaf(9, Columns.Length), output = layer.Apply(input, null, 1).sum();
        Change(isOfInput ? layer.Weight : input);
        ExternalException refusal = Assert.Throws<ExternalException>(() => autograd.backward([output], inputs: [isOfInput ? input : layer.Weight]));
        Assert.Contains("modified by an inplace operation", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_WeightChangedInPlaceThatNoGradientNeeds_HasGradientOfWeights()
    {
        using Layer layer = new();
        Tensor input = randn(9, Columns.Length, ScalarType.Float64), output = layer.Apply(input, null, 1);
        Change(layer.Weight);
        output.sum().backward();
        layer.Optimizer.WriteGradients();
        Tensor part = layer.Weight.grad!.index_select(0, tensor(Rows, ScalarType.Int64)).index_select(1, tensor(Columns, ScalarType.Int64));
        AssertClose(input.sum(dim: 0).expand(Rows.Length, -1), part);
    }

    [Fact]
    public void Step_BetweenForwardAndBackward_IsRefusedByTheBackwardPass()
    {
        using Layer layer = new();
        Tensor first = layer.Apply(Leaf(9, Columns.Length), null, 1), second = layer.Apply(Leaf(9, Columns.Length), null, 1);
        first.sum().backward();
        layer.Optimizer.step();
        AssertRefused(second);
    }

    [Fact]
    public void Apply_GraphThatIsGone_KeepsNoNode()
    {
        using Layer layer = new();
        int free = NoiseNode.FreeCount;
        for (int i = 0; i < 20; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            layer.Apply(Leaf(9, Columns.Length), null, 1).sum().backward();
        }

        Assert.InRange(NoiseNode.FreeCount, free, free + 2);
    }

    private static void AssertRefused(Func<Tensor, Tensor, Tensor> change, bool hasGradient)
    {
        using Layer layer = new();
        Tensor input = randn(9, Columns.Length, ScalarType.Float64).requires_grad_(hasGradient), output = layer.Apply(input, null, 1);
        Change(change(input, layer.Weight));
        AssertRefused(output);
    }

    private static void AssertRefused(Tensor output)
    {
        ExternalException refusal = Assert.Throws<ExternalException>(() => output.sum().backward());
        Assert.Contains("modified by an inplace operation", refusal.Message, StringComparison.Ordinal);
    }

    private static void Change(Tensor tensor)
    {
        using (no_grad())
        {
            tensor.add_(1.0);
        }
    }

    private static Tensor Leaf(params long[] shape) => randn(shape, ScalarType.Float64).requires_grad_(true);

    private sealed class Layer : IDisposable
    {
        public Layer() => Optimizer = new ThinnedSgd([Weight], 0.1);

        public Parameter Weight { get; } = new(randn(7, 5, ScalarType.Float64));

        public ThinnedSgd Optimizer { get; }

        public Tensor Apply(Tensor input, Tensor? bias, double scale)
        {
            Assert.True(KeptLinearNode.Fits(Weight));
            return KeptLinearNode.Apply(input, Weight, bias, new Submatrix(7, 5, 1, Rows, Columns), scale);
        }

        public Tensor Gathered(Tensor input, Tensor? bias, double scale)
        {
            Tensor part = Weight.index_select(0, tensor(Rows, ScalarType.Int64)).index_select(1, tensor(Columns, ScalarType.Int64)) * scale;
            return nn.functional.linear(input, part, bias);
        }

        public void Dispose() => Optimizer.Dispose();
    }
}
