using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A linear layer without inputs or without outputs, which TorchSharp's own cannot be: what is left where a mask drops every unit.</summary>
internal sealed class EmptyLinear : nn.Module<Tensor, Tensor>
{
    public EmptyLinear(Tensor weight, Tensor? bias)
        : base(nameof(EmptyLinear))
    {
        register_buffer("weight", weight.detach().clone().DetachFromDisposeScope());
        if (bias is not null)
        {
            register_parameter("bias", new Parameter(bias.detach().clone().DetachFromDisposeScope()));
        }
    }

    public override Tensor forward(Tensor input) => nn.functional.linear(input, get_buffer("weight")!, get_parameter("bias")); // registered above
}
