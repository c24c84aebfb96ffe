using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Noise;

/// <summary>Results are written over memory that nobody else sees, and over no other.</summary>
public sealed class UnsharedMemoryTests : TensorTests
{
    private const long Elements = 3000;

    [Fact]
    public void Is_OneHandle_TellsViewsKeptTensorsAndHandles()
    {
        Tensor tensor = randn(40);
        Assert.True(UnsharedMemory.Is(tensor, 1));
        using (Tensor same = tensor.contiguous())
        {
            Assert.False(UnsharedMemory.Is(tensor, 1));
        }

        using (Tensor view = tensor.slice(0, 3, 5, 1))
        {
            Assert.False(UnsharedMemory.Is(tensor, 1));
            Assert.False(UnsharedMemory.Is(view, 1));
        }

        using Tensor inGraph = randn(40).requires_grad_(true).relu(); // ReLU keeps its result
        Assert.False(UnsharedMemory.Is(inGraph, 1));
        Assert.True(UnsharedMemory.Is(tensor, 1));
    }

    [Fact]
    public void Backward_GradientThatNobodyHolds_BecomesTheInputsOwnMemory()
    {
        using Dropout dropout = new(0.5, seed: 3);
        Tensor x = randn(Elements).requires_grad_(true), between = x.mul(1f);
        nint ofOutput = 0, ofInput = 0;
        Tensor output = dropout.call(GradientWatch.Watched(between, gradient => ofInput = TensorMemory.Address(gradient)));

        GradientWatch.Watched(output, gradient => ofOutput = TensorMemory.Address(gradient)).mul(3f).sum().backward();

        Assert.NotEqual(0, ofInput);
        Assert.Equal(ofOutput, ofInput);
        AssertEqual(dropout.CurrentMask!.to(ScalarType.Float32) * 6f, x.grad!);
    }

    [Fact]
    public void Backward_GradientThatIsHeld_StaysAsItIs()
    {
        using Dropout dropout = new(0.5, seed: 3);
        Tensor x = randn(Elements).requires_grad_(true), given = randn(Elements), copy = given.clone();

        dropout.call(x.mul(1f)).backward([given]);

        AssertEqual(copy, given);
    }

    [Fact]
    public void Backward_GradientThatAnotherNodeHolds_StaysAsItIs()
    {
        using Dropout dropout = new(0.5, seed: 3);
        Tensor x = randn(Elements).requires_grad_(true), output = dropout.call(x.mul(1f));
        Tensor? held = null;

        GradientWatch.Watched(output, gradient => held = gradient.view_as(gradient).DetachFromDisposeScope()).mul(3f).sum().backward();

        AssertEqual(full_like(output, 3f), held!);
        held!.Dispose();
    }

    [Fact]
    public void Backward_GradientThatABranchAndItsShortcutShare_ReachesBoth()
    {
        using Dropout dropout = new(0.5, seed: 3);
        Tensor x = randn(Elements).requires_grad_(true), z = x.mul(1f);

        (z + dropout.call(z)).mul(3f).sum().backward();

        AssertEqual((dropout.CurrentMask!.to(ScalarType.Float32) * 2f + 1f) * 3f, x.grad!);
    }

    [Fact]
    public void Backward_GradientAskedForBetween_IsThatOfTheOutput()
    {
        using Dropout dropout = new(0.5, seed: 3);
        Tensor x = randn(Elements).requires_grad_(true), output = dropout.call(x.mul(1f));

        IList<Tensor> gradients = autograd.grad([output.mul(3f).sum()], [output, x]);

        AssertEqual(full_like(output, 3f), gradients[0]);
        AssertEqual(dropout.CurrentMask!.to(ScalarType.Float32) * 6f, gradients[1]);
    }
}
