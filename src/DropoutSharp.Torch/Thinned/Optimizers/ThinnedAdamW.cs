using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>TorchSharp's AdamW, for a <see cref="ThinnedNetwork"/>: gradients of kept parts are used as they are, and no whole gradient is ever written.</summary>
/// <remarks>
/// <para>
/// A step equals <c>torch.optim.AdamW</c>'s to rounding, in one pass over weights and moments: those of weights that were not kept fade as with a gradient of zero. Options, parameter groups, saved state and learning
/// rate schedulers are those of TorchSharp's class. Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
/// </para>
/// <para>
/// While the optimiser lives, layers that the network computes in part leave <c>grad</c> of their parameters empty: <see cref="WriteGradients"/> writes it for whoever wants to see or clip it.
/// A step uses the parts' gradients up. CPU tensors of 32 and 64 bits; others, and <c>amsgrad</c> and <c>maximize</c>, take whole gradients and TorchSharp's own step.
/// </para>
/// </remarks>
public sealed class ThinnedAdamW : AdamW
{
    /// <summary>AdamW.</summary>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="learningRate">The step size, at least 0.</param>
    /// <param name="beta1">How much of the first moment stays, in [0, 1).</param>
    /// <param name="beta2">How much of the second moment stays, in [0, 1).</param>
    /// <param name="epsilon">Added to the divisor, at least 0.</param>
    /// <param name="weightDecay">The share of the weights that a step of size 1 takes away; at least 0.</param>
    /// <param name="amsgrad">Whether the second moment is the largest so far.</param>
    /// <param name="maximize">Whether it climbs.</param>
    /// <exception cref="ArgumentException">A number is outside its range.</exception>
    public ThinnedAdamW(
        IEnumerable<Parameter> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01, bool amsgrad = false, bool maximize = false)
        : base([.. parameters ?? throw new ArgumentNullException(nameof(parameters))], learningRate, beta1, beta2, epsilon, weightDecay, amsgrad, maximize)
    {
    }

    /// <summary>Makes the gradients of kept parts whole ones in <c>grad</c>, where the next step finds them.</summary>
    public void WriteGradients() => ThinnedStep.Write(parameters());

    /// <inheritdoc/>
    public override Tensor step(Func<Tensor>? closure = null)
    {
        Tensor? loss = ThinnedStep.Loss(closure);
        ThinnedStep.Run(_parameter_groups.Select(static group => ((Options)group.Options, group.Parameters, IsKnown((Options)group.Options))), Step, Step, () => base.step());
        return loss!; // null without a closure, as TorchSharp's

        static bool IsKnown(Options options) => options.amsgrad != true && options.maximize != true;
    }

    /// <summary>Lets all gradients go.</summary>
    public override void zero_grad() => ThinnedStep.Clear(parameters());

    /// <inheritdoc/>
    public override void add_param_group(TorchSharp.Modules.ParamGroup param_group)
    {
        base.add_param_group(param_group);
        ThinnedStep.Open(param_group.Parameters, this);
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
        (State state, AdamStep step) = Prepare(options, parameter);
        GradientSteps.Adam(gradient, (float*)TensorMemory.Address(parameter), (float*)TensorMemory.Address(state.exp_avg), (float*)TensorMemory.Address(state.exp_avg_sq), step);
    }

    private unsafe void Step(Options options, Parameter parameter, KeptGradient<double> gradient)
    {
        (State state, AdamStep step) = Prepare(options, parameter);
        GradientSteps.Adam(gradient, (double*)TensorMemory.Address(parameter), (double*)TensorMemory.Address(state.exp_avg), (double*)TensorMemory.Address(state.exp_avg_sq), step);
    }

    private (State State, AdamStep Step) Prepare(Options options, Parameter parameter)
    {
        var state = (State)_state[parameter.Handle];
        state.step++;
        return (state, new AdamStep(
            options.LearningRate ?? 0, options.beta1 ?? 0, options.beta2 ?? 0, options.eps ?? 0, options.weight_decay ?? 0, IsDecoupled: true, state.step));
    }
}
