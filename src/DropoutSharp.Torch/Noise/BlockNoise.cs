using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Block masks on feature maps, drawn from a position in the mask stream.</summary>
/// <param name="stream">The masks' position.</param>
/// <param name="mask">The maps' size, the blocks' size and the rate.</param>
/// <param name="layout">How the input's maps lie, once it is contiguous.</param>
/// <param name="law">What becomes of kept and dropped elements.</param>
/// <param name="maskShape">The shape of the mask as a tensor; it broadcasts to the input's.</param>
/// <param name="firstMap">The index, in the whole batch, of the first map.</param>
internal sealed class BlockNoise(MaskStream stream, BlockMask mask, BlockLayout layout, MaskLaw law, long[] maskShape, long firstMap = 0) : KernelNoise
{
    /// <inheritdoc/>
    public override TensorNoise Gradient => this;

    /// <summary>Its masks as a bool tensor that broadcasts to the input, on a device: true where a cell is kept.</summary>
    public Tensor Mask(Device device) => MaskTensor(stream, mask, layout, maskShape, firstMap, device);

    /// <summary>The masks as a bool tensor of their own shape, on a device: true where a cell is kept.</summary>
    public static unsafe Tensor MaskTensor(
        MaskStream stream, BlockMask mask, BlockLayout layout, long[] shape, long firstMap, Device device)
    {
        Tensor kept = empty(shape, ScalarType.Bool, CPU);
        KernelThreads.Follow();
        mask.Fill(stream, layout, (byte*)TensorMemory.Address(kept), firstMap);
        return device.type == DeviceType.CPU ? kept : kept.to(device, disposeAfter: true);
    }

    /// <inheritdoc/>
    protected override Tensor ApplyByLibtorch(Tensor input) => ApplyStrided(input);

    /// <inheritdoc/>
    protected override Tensor ApplyStrided(Tensor input)
    {
        using Tensor kept = Mask(input.device);
        return MaskSelection.ApplyFast(kept, input, law);
    }

    /// <inheritdoc/>
    protected override unsafe void Run<T>(T* x, T* destination, Tensor input) =>
        DropoutPrimitives.BlockDropout(x, destination, layout, mask, law.Scale, stream, firstMap);
}
