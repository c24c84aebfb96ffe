using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Normalisation by the root mean square of the last dimension: <c>y = w·x/√(mean(x²) + ε)</c>.</summary>
/// <remarks>Zhang and Sennrich, "Root mean square layer normalization", NeurIPS 2019. The mean is taken in float32, or float64 for float64.</remarks>
public sealed class RMSNorm : nn.Module<Tensor, Tensor>
{
    private const string WeightName = "weight";
    private readonly double _epsilon;

    [ComponentName(Name = WeightName)]
    private Parameter _weight;

    /// <summary>A normalisation layer.</summary>
    /// <param name="width">The size of the last dimension, at least 1.</param>
    /// <param name="epsilon">ε, what keeps the root from zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is below 1.</exception>
    public RMSNorm(long width, double epsilon = 1e-6)
        : base(nameof(RMSNorm))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        LibtorchRuntime.EnsureLoaded();
        _epsilon = epsilon;
        _weight = new Parameter(ones(width));
        register_parameter(WeightName, _weight);
    }

    /// <summary>Normalises the last dimension.</summary>
    /// <param name="input">A floating-point tensor whose last dimension has the layer's width.</param>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Normalize(input, null);
    }

    /// <summary>The same where only kept features are there, and the others are zero.</summary>
    internal Tensor Normalize(Tensor input, KeptFeatures? kept)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = get_parameter(WeightName)!; // replaced when the module is converted
        weight = kept is null ? weight : ThinTensors.Take(weight, kept with { Dimension = 0 });
        ScalarType type = input.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        Tensor wide = input.to(type);
        Tensor mean = kept is null ? wide.Squared().mean([-1], keepdim: true) : wide.Squared().sum(-1, keepdim: true).Over(kept.Count);
        Tensor scale = mean.Plus(_epsilon).rsqrt();
        return ((wide * scale).to(input.dtype) * weight).MoveToOuterDisposeScope();
    }
}
