using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Claims;

/// <summary>Root mean square normalisation of each row with a learned scale (Zhang and Sennrich 2019).</summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-6;

    private readonly Parameter _scale;

    public RmsNorm(long features)
        : base(nameof(RmsNorm))
    {
        _scale = new Parameter(ones(features));
        register_parameter("scale", _scale);
    }

    public override Tensor forward(Tensor input) =>
        input * (input.square().mean([-1], keepdim: true) + Epsilon).rsqrt() * _scale;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _scale.Dispose();
        }

        base.Dispose(disposing);
    }
}
