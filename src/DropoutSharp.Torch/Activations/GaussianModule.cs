using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A module with Gaussian noise of its input's shape: what the multiplicative and the additive form share.</summary>
public abstract class GaussianModule : DropoutModule
{
    private protected GaussianModule(string name, DropoutSite site, bool inplace)
        : base(name, site) => Inplace = inplace;

    /// <summary>Whether the stochastic pass changes its input, as far as that is given to it.</summary>
    public bool Inplace { get; }

    /// <inheritdoc/>
    protected sealed override Tensor Apply(Tensor input, SiteDraw draw)
    {
        if (draw.Mask is null && draw.DropRate.KeepsAll)
        {
            return input.alias();
        }

        if (draw.Mask is null && !IsShared(draw, LastShape))
        {
            return NoiseFunction.Apply(Noise(draw, FirstElement(draw, LastShape)), input, Inplace);
        }

        using Tensor noise = draw.Mask is Tensor given
            ? FloatingNoise.Given(given, input)
            : DrawMask(draw, LastShape).to(input.device, disposeAfter: true);
        Tensor result = Combine(input, noise);
        if (!Inplace)
        {
            return result;
        }

        using (result)
        {
            input.copy_(result);
            return input.alias();
        }
    }

    /// <inheritdoc/>
    protected sealed override Tensor DrawMask(SiteDraw draw, long[] inputShape)
    {
        long[] shape = IsShared(draw, inputShape) ? [1, .. inputShape[1..]] : inputShape;
        long first = IsShared(draw, inputShape) ? 0 : FirstElement(draw, inputShape);
        return Values(draw, first, shape, LastType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
    }

    private protected abstract TensorNoise Noise(SiteDraw draw, long firstElement);

    private protected abstract Tensor Values(SiteDraw draw, long firstElement, long[] shape, ScalarType type);

    private protected abstract Tensor Combine(Tensor input, Tensor noise);

    private static bool IsShared(SiteDraw draw, long[] shape) => draw.IsSharedByRows && shape.Length > 1;

    private static long FirstElement(SiteDraw draw, long[] shape) =>
        shape.Length < 2 ? 0 : checked(draw.FirstRow * shape[1..].Aggregate(1L, (product, size) => checked(product * size)));
}
