using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Noise tensors of a site's draw.</summary>
internal static class LearnedNoise
{
    /// <summary>Uniform numbers in (0, 1); no gradient.</summary>
    public static unsafe Tensor Uniform(SiteDraw draw, long[] shape, ScalarType type, Device device)
    {
        (long[] own, long first) = Place(draw, shape);
        Tensor noise = empty(own, ScalarType.Float32, CPU);
        draw.Stream.FillUniform(new Span<float>((void*)TensorMemory.Address(noise), checked((int)noise.numel())), first);
        return Move(noise, type, device);
    }

    /// <summary>Standard normal numbers; no gradient.</summary>
    public static unsafe Tensor Normal(SiteDraw draw, long[] shape, ScalarType type, Device device)
    {
        (long[] own, long first) = Place(draw, shape);
        if (type == ScalarType.Float64)
        {
            Tensor wide = empty(own, ScalarType.Float64, CPU);
            draw.Stream.FillNormal(new Span<double>((void*)TensorMemory.Address(wide), checked((int)wide.numel())), first);
            return Move(wide, type, device);
        }

        Tensor noise = empty(own, ScalarType.Float32, CPU);
        draw.Stream.FillNormal(new Span<float>((void*)TensorMemory.Address(noise), checked((int)noise.numel())), first);
        return Move(noise, type, device);
    }

    private static (long[] Shape, long FirstElement) Place(SiteDraw draw, long[] shape)
    {
        if (shape.Length < 2)
        {
            return (shape, 0);
        }

        if (draw.IsSharedByRows)
        {
            return ([1, .. shape[1..]], 0);
        }

        return (shape, checked(draw.FirstRow * shape[1..].Aggregate(1L, (product, size) => product * size)));
    }

    private static Tensor Move(Tensor noise, ScalarType type, Device device) =>
        noise.dtype == type && device.type == DeviceType.CPU ? noise : noise.to(type, device, disposeAfter: true);
}
