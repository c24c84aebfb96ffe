using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The activations by libtorch's operations, known to autograd.</summary>
internal static class ActivationFunctions
{
    /// <summary>The activation that a module computes; null where it is another module, changes its input, or has hooks.</summary>
    public static FusedActivation? Of(nn.Module module)
    {
        FusedActivation? activation = module switch
        {
            TorchSharp.Modules.ReLU { inplace: false } => FusedActivation.Relu,
            TorchSharp.Modules.SiLU { inplace: false } => FusedActivation.Silu,
            TorchSharp.Modules.GELU { inplace: false } gelu =>
                gelu.approximate == TorchSharp.Modules.GELU.Approximate.tanh ? FusedActivation.GeluTanh : FusedActivation.Gelu,
            _ => null,
        };
        return activation is not null && ModuleHooks.Has(module) ? null : activation;
    }

    /// <summary>The activation of a tensor, in a new one.</summary>
    public static Tensor Value(FusedActivation activation, Tensor input) => activation switch
    {
        FusedActivation.Relu => input.relu(),
        FusedActivation.Gelu => input.gelu(),
        FusedActivation.GeluTanh => input.gelu(TorchSharp.Modules.GELU.Approximate.tanh),
        FusedActivation.Silu => input.silu(),
        _ => input.alias(),
    };

    /// <summary>The derivative, in a new tensor, differentiable again.</summary>
    /// <param name="activation">Any but ReLU and the identity.</param>
    /// <param name="z">What the activation is taken of.</param>
    public static Tensor Slope(FusedActivation activation, Tensor z)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor slope;
        switch (activation)
        {
            case FusedActivation.Gelu:
                slope = z.Times(Math.Sqrt(0.5)).erf().Plus(1).Times(0.5).Plus((z * z.Squared().Times(-0.5).exp()).Times(1 / Math.Sqrt(2 * Math.PI)));
                break;
            case FusedActivation.Silu:
                {
                    Tensor share = z.sigmoid();
                    slope = share * (z * share.SubtractedFrom(1)).Plus(1);
                    break;
                }

            default:
                {
                    const double Cubic = 0.044715;
                    double root = 2 * Math.Sqrt(2 / Math.PI);
                    Tensor square = z.Squared(), share = (z * square.Times(Cubic).Plus(1)).Times(root).sigmoid();
                    slope = share.Plus((z * share * share.SubtractedFrom(1) * square.Times(3 * Cubic).Plus(1)).Times(root));
                    break;
                }
        }

        return slope.MoveToOuterDisposeScope();
    }
}
