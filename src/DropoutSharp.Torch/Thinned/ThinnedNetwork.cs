using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A network that does not compute what its dropout drops, where rows share masks: forward and backward multiply the kept units' part of each weight matrix only.</summary>
/// <remarks>
/// <para>
/// Where a mask is shared by all rows of a batch, or by groups of them (<see cref="BatchwiseDropout"/>, or any Bernoulli mask in Monte-Carlo passes that share masks by rows), the kept units of one layer
/// and the kept units of the next select a submatrix of the weights between them. Outputs, gradients and masks are those of the wrapped model run the ordinary way: the masks bit for bit, the others to
/// rounding. Gradients are whole tensors with zeros where a weight was not used, so that every optimiser does what it does without this module; <see cref="ThinnedSgd"/>, <see cref="ThinnedAdam"/> and
/// <see cref="ThinnedAdamW"/> do the same with the kept parts alone, and save the writing and reading of the rest. Graham, Reizenstein and Robinson, "Efficient batchwise
/// dropout training using submatrices", 2015.
/// </para>
/// <para>
/// Linear layers and convolutions (channel masks) in any nesting of <c>Sequential</c>, <see cref="Residual"/>, <see cref="StochasticDepth"/> and the blocks of this library, with elementwise activations,
/// pooling, batch normalisation and RMS normalisation between them. Whatever needs all features gets them: layer normalisation, batch normalisation that keeps running statistics, activations that move zero
/// after a drop, and every module that is not known. Masks a row for itself run the ordinary way.
/// </para>
/// <para>
/// One difference is the ordinary way's own: it multiplies dropped zeros with the next layer's weights, so that an infinite or NaN weight of a dropped unit makes NaN there, and nothing here.
/// </para>
/// </remarks>
public sealed class ThinnedNetwork : nn.Module<Tensor, Tensor>
{
    private const string ModelName = "model";

    [ComponentName(Name = ModelName)]
    private readonly nn.Module<Tensor, Tensor> _model;

    /// <summary>A network that leaves out what is dropped.</summary>
    /// <param name="model">The network; it becomes the child <c>model</c> and can be used by itself too.</param>
    /// <param name="choice">When it leaves something out.</param>
    /// <param name="costs">What the choice is made by; null for <see cref="ThinningCosts.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The choice is none of its enumeration's.</exception>
    public ThinnedNetwork(nn.Module<Tensor, Tensor> model, ThinningChoice choice = ThinningChoice.WhereFaster, ThinningCosts? costs = null)
        : base(nameof(ThinnedNetwork))
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!Enum.IsDefined(choice))
        {
            throw new ArgumentOutOfRangeException(nameof(choice), choice, $"Choice must be WhereFaster, Always or Never; received {choice}.");
        }

        (_model, Choice, Costs) = (model, choice, costs ?? ThinningCosts.Default);
        register_module(ModelName, model);
    }

    /// <summary>The network.</summary>
    public nn.Module<Tensor, Tensor> Model => _model;

    /// <summary>When something is left out.</summary>
    public ThinningChoice Choice { get; }

    /// <summary>What <see cref="ThinningChoice.WhereFaster"/> goes by.</summary>
    public ThinningCosts Costs { get; }

    /// <summary>The layers that the latest forward pass computed in part, in their order; empty where everything was computed.</summary>
    public IReadOnlyList<ThinnedLayer> LatestThinned { get; private set; } = [];

    /// <summary>One pass.</summary>
    /// <param name="input">What the network takes.</param>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        LatestThinned = [];
        ModelPlan? plan = Choice == ThinningChoice.Never ? null : ModelPlan.Of(_model);
        if (plan is null || !plan.AllSteps.Any(static step => step is DropoutStep { Module.Site.IsStochastic: true }))
        {
            return _model.call(input);
        }

        using DisposeScope scope = NewDisposeScope();
        ThinnedRun run = new(Choice, Costs);
        Tensor output = run.Forward(plan, input);
        LatestThinned = run.Thinned;
        return output.MoveToOuterDisposeScope();
    }
}
