using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Multiplication with 1 + σ·n, n standard normal from a position in the stream.</summary>
/// <param name="stream">The noise's position.</param>
/// <param name="dropRate">The drop rate whose variance the factors have.</param>
/// <param name="firstElement">The index, in the whole noise, of the first element.</param>
internal sealed class GaussianFactorNoise(MaskStream stream, DropRate dropRate, long firstElement) : KernelNoise
{
    /// <inheritdoc/>
    public override TensorNoise Gradient => this;

    /// <summary>The factors themselves.</summary>
    /// <param name="shape">Their shape.</param>
    /// <param name="type">float32 or float64.</param>
    public Tensor Factors(long[] shape, ScalarType type)
    {
        Tensor factors = ones(shape, type, CPU);
        ApplyInPlace(factors);
        return factors;
    }

    /// <inheritdoc/>
    protected override Tensor ApplyByLibtorch(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor factors = FloatingNoise.OnCpu(() => Factors(TensorMemory.Shape(input), FloatingNoise.TypeFor(input))).to(input.device);
        return FloatingNoise.Multiply(input, factors).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override unsafe void Run<T>(T* x, T* destination, Tensor input) =>
        DropoutPrimitives.GaussianDropout(x, destination, input.numel(), dropRate, stream, firstElement);
}
