using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>TorchSharp's gradient descent, for a <see cref="ThinnedNetwork"/>: gradients of kept parts go to the kept weights, and no whole gradient is ever written.</summary>
/// <remarks>
/// <para>
/// A step equals <c>torch.optim.SGD</c>'s to rounding. Without momentum and weight decay it touches the kept weights only; with them it is one pass over weights and momentum, which go on for weights that
/// were not kept. Options, parameter groups, saved state and learning rate schedulers are those of TorchSharp's class.
/// </para>
/// <para>
/// While the optimiser lives, layers that the network computes in part leave <c>grad</c> of their parameters empty: <see cref="WriteGradients"/> writes it for whoever wants to see or clip it.
/// A step uses the parts' gradients up. CPU tensors of 32 and 64 bits; others, and <c>maximize</c>, take whole gradients and TorchSharp's own step.
/// </para>
/// </remarks>
public sealed class ThinnedSgd : SGD
{
    /// <summary>Gradient descent.</summary>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="learningRate">The step size, at least 0.</param>
    /// <param name="momentum">The share of the last step that goes on, at least 0.</param>
    /// <param name="dampening">The share of a gradient that does not go into the momentum.</param>
    /// <param name="weightDecay">The L2 penalty's factor, at least 0.</param>
    /// <param name="nesterov">Whether the step looks ahead; needs a momentum and no dampening.</param>
    /// <param name="maximize">Whether it climbs.</param>
    /// <exception cref="ArgumentException">A number is negative, or Nesterov's form is asked for without momentum or with dampening.</exception>
    public ThinnedSgd(
        IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weightDecay = 0, bool nesterov = false, bool maximize = false)
        : base([.. parameters ?? throw new ArgumentNullException(nameof(parameters))], learningRate, momentum, dampening, weightDecay, nesterov, maximize)
    {
    }

    /// <summary>Makes the gradients of kept parts whole ones in <c>grad</c>, where the next step finds them.</summary>
    public void WriteGradients() => ThinnedStep.Write(parameters());

    /// <inheritdoc/>
    public override Tensor step(Func<Tensor>? closure = null)
    {
        Tensor? loss = ThinnedStep.Loss(closure);
        ThinnedStep.Run(_parameter_groups.Select(static group => ((Options)group.Options, group.Parameters, ((Options)group.Options).maximize != true)), Step, Step, () => base.step());
        return loss!; // null without a closure, as TorchSharp's
    }

    /// <summary>Lets all gradients go.</summary>
    public override void zero_grad() => ThinnedStep.Clear(parameters());

    /// <inheritdoc/>
    public override void add_param_group(TorchSharp.Modules.ParamGroup param_group)
    {
        base.add_param_group(param_group);
        var options = (Options)param_group.Options;
        ThinnedStep.Open(param_group.Parameters, this, options.momentum == 0 && options.weight_decay == 0);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ThinnedStep.Close(parameters(), this);
        }

        base.Dispose(disposing);
    }

    private unsafe void Step(Options options, Parameter parameter, KeptGradient<float> gradient)
    {
        (Tensor? momentum, SgdStep step) = Prepare(options, parameter);
        GradientSteps.Sgd(gradient, (float*)TensorMemory.Address(parameter), momentum is null ? null : (float*)TensorMemory.Address(momentum), step);
    }

    private unsafe void Step(Options options, Parameter parameter, KeptGradient<double> gradient)
    {
        (Tensor? momentum, SgdStep step) = Prepare(options, parameter);
        GradientSteps.Sgd(gradient, (double*)TensorMemory.Address(parameter), momentum is null ? null : (double*)TensorMemory.Address(momentum), step);
    }

    private (Tensor? Momentum, SgdStep Step) Prepare(Options options, Parameter parameter)
    {
        var state = (State)_state[parameter.Handle];
        double momentum = options.momentum ?? 0;
        bool isFirst = momentum != 0 && state.momentum_buffer is null;
        if (isFirst)
        {
            state.momentum_buffer = empty_like(parameter).DetachFromDisposeScope();
        }

        return (momentum == 0 ? null : state.momentum_buffer, new SgdStep(
            options.LearningRate ?? 0, momentum, options.dampening ?? 0, options.weight_decay ?? 0, options.nesterov ?? false, isFirst));
    }
}
