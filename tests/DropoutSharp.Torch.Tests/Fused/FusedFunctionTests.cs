using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Fused;

/// <summary>The fused functions against one operation after the other, in every way that tensors come.</summary>
public sealed class FusedFunctionTests : TensorTests
{
    private static readonly MaskStream Stream = new(42, 3, 1);

    public static TheoryData<FusedActivation, double> Cases =>
        [.. from activation in Enum.GetValues<FusedActivation>() from rate in (double[])[0, 1e-9, 0.5, 1] select (activation, rate)];

    public static TheoryData<FusedActivation> Activations => [.. Enum.GetValues<FusedActivation>()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void BiasActivationDropout_OutputAndGradients_AreThoseOfSeparateOperations(FusedActivation activation, double rate)
    {
        foreach (long[] shape in (long[][])[[0, 8], [1, 1], [7, 33], [4, 5, 64], [300, 300]])
        {
            foreach (bool hasBias in (bool[])[false, true])
            {
                Tensor input = randn(shape).requires_grad_(true), other = input.detach().clone().requires_grad_(true);
                Tensor bias = randn(shape[^1]).requires_grad_(true), otherBias = bias.detach().clone().requires_grad_(true), weights = randn(shape);

                Tensor fused = DropoutFunctional.bias_activation_dropout(input, hasBias ? bias : null, activation, rate, Stream);
                Tensor apart = DropoutFunctional.dropout(Activate(activation, hasBias ? other + otherBias : other), rate, Stream);
                (fused * weights).sum().backward();
                (apart * weights).sum().backward();

                Compare(activation, apart, fused);
                Compare(activation, other.grad!, input.grad!);
                if (hasBias)
                {
                    AssertClose(otherBias.grad!, bias.grad!, 1e-5); // sums of up to 300 rounded numbers
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void BiasActivationDropout_OtherTypesStridesAndDevices_AreTheSeparateOperations(FusedActivation activation)
    {
        foreach (ScalarType type in (ScalarType[])[ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16])
        {
            Tensor x = randn(6, 40).to(type), b = randn(40).to(type);
            AssertEqual(
                DropoutFunctional.dropout(Activate(activation, x + b), 0.5, Stream), DropoutFunctional.bias_activation_dropout(x, b, activation, 0.5, Stream));
        }

        Tensor strided = randn(40, 6).t(), bias = randn(40);
        Compare(activation, DropoutFunctional.bias_activation_dropout(strided.contiguous(), bias, activation, 0.5, Stream), DropoutFunctional.bias_activation_dropout(strided, bias, activation, 0.5, Stream));
        Tensor fused = DropoutFunctional.bias_activation_dropout(strided.contiguous(), bias, activation, 0.5, Stream);
        TensorMemory.t_treatAsOtherDevice = true;
        try
        {
            Compare(activation, fused, DropoutFunctional.bias_activation_dropout(strided.contiguous(), bias, activation, 0.5, Stream));
        }
        finally
        {
            TensorMemory.t_treatAsOtherDevice = false;
        }

        AssertClose(Activate(activation, strided + bias), DropoutFunctional.bias_activation_dropout(strided, bias, activation, 0.5, Stream, training: false));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void BiasActivationDropout_Float64_HasTheFiniteDifferencesAsGradients(FusedActivation activation)
    {
        Tensor input = randn(5, 7, ScalarType.Float64).requires_grad_(true), bias = randn(7, ScalarType.Float64).requires_grad_(true);
        AssertGradients(() => DropoutFunctional.bias_activation_dropout(input, bias, activation, 0.3, Stream), input, bias);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void BiasActivationDropout_GradientOfGradients_IsThatOfSeparateOperations(FusedActivation activation)
    {
        Tensor input = randn(9, 20).requires_grad_(true), other = input.detach().clone().requires_grad_(true), bias = randn(20).requires_grad_(true), otherBias = bias.detach().clone().requires_grad_(true);
        Penalty(DropoutFunctional.bias_activation_dropout(input, bias, activation, 0.3, Stream), [input, bias]).backward();
        Penalty(DropoutFunctional.dropout(Activate(activation, other + otherBias), 0.3, Stream), [other, otherBias]).backward();
        AssertClose(other.grad!, input.grad!, 1e-4);
        AssertClose(otherBias.grad!, bias.grad!, 1e-4);

        static Tensor Penalty(Tensor output, IList<Tensor> inputs)
        {
            IList<Tensor> gradients = autograd.grad([output.square().sum()], inputs, retain_graph: true, create_graph: true);
            return gradients[0].square().sum() + gradients[1].square().sum();
        }
    }

    [Fact]
    public void BiasActivationDropout_SavedTensorChangedInPlace_IsRefusedByTheBackwardPass()
    {
        Tensor input = randn(50, 50).requires_grad_(true);
        Tensor relu = DropoutFunctional.bias_activation_dropout(input, null, FusedActivation.Relu, 0.5, Stream);
        using (no_grad())
        {
            relu.add_(1f);
        }

        Assert.ThrowsAny<Exception>(() => relu.sum().backward());

        Tensor middle = input * 2, silu = DropoutFunctional.bias_activation_dropout(middle, null, FusedActivation.Silu, 0.5, Stream);
        using (no_grad())
        {
            middle.add_(1f);
        }

        Assert.ThrowsAny<Exception>(() => silu.sum().backward());
    }

    [Fact]
    public void BiasActivationDropout_GraphThatIsGone_KeepsNoTensor()
    {
        Tensor input = randn(64, 64).requires_grad_(true);
        int free = NoiseNode.FreeCount;
        for (int i = 0; i < 20; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            foreach (FusedActivation activation in (FusedActivation[])[FusedActivation.Relu, FusedActivation.Gelu])
            {
                Tensor output = DropoutFunctional.bias_activation_dropout(input, null, activation, 0.5, Stream);
                if (i % 2 == 0)
                {
                    output.sum().backward();
                }
            }
        }

        Assert.InRange(NoiseNode.FreeCount, Math.Max(1, free), free + 4); // nodes came back and were used again
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-9)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void BiasDropoutAdd_OutputAndGradients_AreThoseOfSeparateOperationsBitForBit(double rate)
    {
        foreach (long[] shape in (long[][])[[0, 8], [1, 1], [7, 33], [4, 5, 64], [300, 300]])
        {
            foreach (bool hasBias in (bool[])[false, true])
            {
                Tensor input = randn(shape).requires_grad_(true), residual = randn(shape).requires_grad_(true), bias = randn(shape[^1]).requires_grad_(true), weights = randn(shape);
                Tensor input2 = input.detach().clone().requires_grad_(true), residual2 = residual.detach().clone().requires_grad_(true), bias2 = bias.detach().clone().requires_grad_(true);
                Tensor fused = DropoutFunctional.bias_dropout_add(input, hasBias ? bias : null, residual, rate, Stream);
                Tensor apart = residual2 + DropoutFunctional.dropout(hasBias ? input2 + bias2 : input2, rate, Stream);
                (fused * weights).sum().backward();
                (apart * weights).sum().backward();
                AssertEqual(apart, fused);
                AssertEqual(input2.grad!, input.grad!);
                AssertEqual(residual2.grad!, residual.grad!);
                if (hasBias)
                {
                    AssertClose(bias2.grad!, bias.grad!, 1e-5);
                }
            }
        }
    }

    [Fact]
    public void DropoutAdd_WhatNeedsNoGradientOrIsOfAnotherKind_WorksAlike()
    {
        Tensor input = randn(8, 16), residual = randn(8, 16).requires_grad_(true);
        DropoutFunctional.dropout_add(input, residual, 0.5, Stream).sum().backward();
        AssertEqual(ones(8, 16), residual.grad!);
        Tensor branch = randn(8, 16).requires_grad_(true);
        DropoutFunctional.dropout_add(branch, input, 0.5, Stream).sum().backward();
        AssertEqual(DropoutFunctional.dropout(ones(8, 16), 0.5, Stream), branch.grad!);

        Tensor row = randn(16), same = randn(8, 16);
        AssertEqual(row + DropoutFunctional.dropout(input, 0.5, Stream), DropoutFunctional.dropout_add(input, row, 0.5, Stream)); // broadcasts
        AssertEqual(same + input, DropoutFunctional.dropout_add(input, same, 0.5, Stream, training: false));
        Tensor wide = randn(8, 16, ScalarType.Float64).requires_grad_(true), wideResidual = randn(8, 16, ScalarType.Float64).requires_grad_(true);
        AssertGradients(() => DropoutFunctional.dropout_add(wide, wideResidual, 0.5, Stream), wide, wideResidual);
    }

    [Fact]
    public void DropoutAdd_GradientOfGradients_IsThatOfSeparateOperations()
    {
        Tensor input = randn(9, 20).requires_grad_(true), residual = randn(9, 20).requires_grad_(true);
        IList<Tensor> gradients = autograd.grad([DropoutFunctional.dropout_add(input, residual, 0.5, Stream).pow(3).sum()], [input, residual], retain_graph: true, create_graph: true);
        IList<Tensor> expected = autograd.grad([(residual + DropoutFunctional.dropout(input, 0.5, Stream)).pow(3).sum()], [input, residual], retain_graph: true, create_graph: true);
        IList<Tensor> second = autograd.grad([gradients[0].square().sum() + gradients[1].square().sum()], [input, residual]);
        IList<Tensor> expectedSecond = autograd.grad([expected[0].square().sum() + expected[1].square().sum()], [input, residual]);
        AssertClose(expectedSecond[0], second[0], 1e-5);
        AssertClose(expectedSecond[1], second[1], 1e-5);
    }

    [Fact]
    public void FusedFunctions_NaNThatIsDropped_LeavesNothing()
    {
        Tensor input = full([40, 40], float.NaN).requires_grad_(true), residual = randn(40, 40), dropped = DropoutFunctional.dropout(ones(40, 40), 0.5, Stream).eq(0);
        foreach (FusedActivation activation in Enum.GetValues<FusedActivation>())
        {
            input.grad?.zero_();
            Tensor output = DropoutFunctional.bias_activation_dropout(input, null, activation, 0.5, Stream);
            AssertEqual(dropped.logical_not(), output.isnan());
            output.sum().backward();
            Assert.True(input.grad!.masked_select(dropped).eq(0).all().item<bool>());
        }

        AssertEqual(residual.masked_select(dropped), DropoutFunctional.dropout_add(input, residual, 0.5, Stream).masked_select(dropped));
    }

    [Fact]
    public void FusedFunctions_WrongArguments_AreRefused()
    {
        Tensor input = randn(4, 6);
        Assert.Contains("shape [4, 6]", Assert.Throws<ArgumentException>(() => DropoutFunctional.bias_activation_dropout(input, randn(4), FusedActivation.Relu, 0.5, Stream)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DropoutFunctional.bias_dropout_add(input, randn(6, ScalarType.Float64), input, 0.5, Stream));
        Assert.Throws<ArgumentException>(() => DropoutFunctional.dropout_add(ones(3, ScalarType.Int64), input, 0.5, Stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutFunctional.bias_activation_dropout(input, null, (FusedActivation)7, 0.5, Stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutFunctional.dropout_add(input, input, 0.5, Stream, firstElement: -1));
    }

    private static Tensor Activate(FusedActivation activation, Tensor z) => ActivationFunctions.Value(activation, z);

    private static void Compare(FusedActivation activation, Tensor expected, Tensor actual)
    {
        if (activation is FusedActivation.Identity or FusedActivation.Relu)
        {
            AssertEqual(expected, actual);
        }
        else
        {
            AssertClose(expected, actual, 4e-6); // twice what the kernels and libtorch's are apart from the exact functions
        }
    }
}
