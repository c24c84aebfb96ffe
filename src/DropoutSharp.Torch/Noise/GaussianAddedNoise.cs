using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Addition of σ·n, n standard normal from a position in the stream.</summary>
/// <param name="stream">The noise's position.</param>
/// <param name="standardDeviation">σ.</param>
/// <param name="firstElement">The index, in the whole noise, of the first element.</param>
internal sealed class GaussianAddedNoise(MaskStream stream, double standardDeviation, long firstElement) : KernelNoise
{
    /// <inheritdoc/>
    public override TensorNoise Gradient => NoNoise.Instance;

    /// <summary>What is added.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="type">float32 or float64.</param>
    public Tensor Summands(long[] shape, ScalarType type)
    {
        Tensor summands = zeros(shape, type, CPU);
        ApplyInPlace(summands);
        return summands;
    }

    /// <inheritdoc/>
    protected override Tensor ApplyByLibtorch(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor summands = FloatingNoise.OnCpu(() => Summands(TensorMemory.Shape(input), FloatingNoise.TypeFor(input))).to(input.device);
        return FloatingNoise.Add(input, summands).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override unsafe void Run<T>(T* x, T* destination, Tensor input) =>
        DropoutPrimitives.GaussianNoise(x, destination, input.numel(), standardDeviation, stream, firstElement);

    /// <summary>Nothing: what added noise does to a gradient.</summary>
    private sealed class NoNoise : TensorNoise
    {
        public static readonly NoNoise Instance = new();

        public override TensorNoise Gradient => this;

        public override Tensor Apply(Tensor input) => input.alias();

        public override void ApplyInPlace(Tensor input)
        {
        }
    }
}
