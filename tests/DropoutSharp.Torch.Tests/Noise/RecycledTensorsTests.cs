using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Noise;

/// <summary>Memory that is used again is never used twice at the same time.</summary>
public sealed class RecycledTensorsTests : IDisposable
{
    private const long Elements = 1 << 19; // 2 MiB of float32

    public RecycledTensorsTests()
    {
        LibtorchRuntime.EnsureLoaded();
        RecycledTensors.Clear();
    }

    public void Dispose() => RecycledTensors.Clear();

    [Fact]
    public void Empty_TensorsThatAreAlive_ShareNoMemory()
    {
        Tensor[] tensors = [.. Enumerable.Range(0, 6).Select(i => RecycledTensors.Empty([4, Elements / 4], ScalarType.Float32).fill_(i))];
        Assert.All(tensors, (tensor, i) => Assert.True(tensor.eq(i).all().item<bool>()));
        Array.ForEach(tensors, static tensor => tensor.Dispose());
    }

    [Fact]
    public void Empty_ViewOfAFreedTensor_KeepsItsMemory()
    {
        Tensor tensor = RecycledTensors.Empty([Elements], ScalarType.Float32).fill_(7);
        using Tensor view = tensor.narrow(0, 100, 50);
        tensor.Dispose();
        using Tensor other = RecycledTensors.Empty([Elements], ScalarType.Float32).fill_(1);
        Assert.True(view.eq(7).all().item<bool>());
    }

    [Fact]
    public void Empty_AfterTheLastTensorIsGone_UsesItsMemoryAgain()
    {
        nint first;
        using (Tensor tensor = RecycledTensors.Empty([Elements], ScalarType.Float32))
        {
            first = TensorMemory.Address(tensor);
            Assert.Equal(0, RecycledTensors.FreeBytes);
        }

        Assert.Equal(Elements * 4, RecycledTensors.FreeBytes);
        using Tensor again = RecycledTensors.Empty([Elements / 2], ScalarType.Float64); // as many bytes
        Assert.Equal(first, TensorMemory.Address(again));
        Assert.Equal(0, RecycledTensors.FreeBytes);
        Assert.Equal((ScalarType.Float64, Elements / 2), (again.dtype, again.shape[0]));
    }

    [Fact]
    public void Empty_SmallTensor_IsLibtorchs()
    {
        RecycledTensors.Empty([100], ScalarType.Float32).Dispose();
        Assert.Equal(0, RecycledTensors.FreeBytes);
    }

    [Fact]
    public void Release_MoreThanMayWait_GoesBackToTheSystem()
    {
        long bytes = 64L << 20;
        Tensor[] tensors = [.. Enumerable.Range(0, (int)(RecycledTensors.MostBytes / bytes) + 2).Select(_ => RecycledTensors.Empty([bytes / 4], ScalarType.Float32))];
        Array.ForEach(tensors, static tensor => tensor.Dispose());
        Assert.Equal(RecycledTensors.MostBytes, RecycledTensors.FreeBytes);
    }

    [Fact]
    public void Training_GradientsThatAreHeld_AreNotOverwrittenByLaterSteps()
    {
        manual_seed(1);
        using DisposeScope scope = NewDisposeScope();
        TorchSharp.Modules.Linear layer = nn.Linear(800, 800); // weights of 2.5 MiB
        using ThinnedNetwork thin = new(
            nn.Sequential(nn.Linear(20, 800), nn.ReLU(), new BatchwiseDropout(0.3, seed: 1), layer, nn.ReLU(), new BatchwiseDropout(0.3, seed: 1, site: 1), nn.Linear(800, 3)),
            ThinningChoice.Always);
        List<(Tensor Held, Tensor Copy)> gradients = [];
        for (int step = 0; step < 6; step++)
        {
            layer.weight!.grad = null;
            thin.call(randn(16, 20)).sum().backward();
            Assert.Equal(3, thin.LatestThinned.Count);
            gradients.Add((layer.weight.grad!, layer.weight.grad!.detach().clone()));
        }

        Assert.All(gradients, each => Assert.True(each.Held.eq(each.Copy).all().item<bool>()));
        Assert.True(gradients[0].Copy.ne(0).any().item<bool>());
    }
}
