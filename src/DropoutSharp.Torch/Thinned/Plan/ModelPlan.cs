using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A model taken apart into the steps of its forward pass, as far as it is made of containers whose order is known.</summary>
/// <remarks>
/// <c>Sequential</c> in any nesting, <see cref="Residual"/>, <see cref="StochasticDepth"/> and the blocks of this library are opened; every other module is one step. A module with hooks stays
/// closed, so that its hooks see what they saw.
/// </remarks>
internal sealed class ModelPlan
{
    private ModelPlan(IReadOnlyList<PlanStep> steps) => Steps = steps;

    /// <summary>The steps in their order.</summary>
    public IReadOnlyList<PlanStep> Steps { get; }

    /// <summary>All steps, those within residual blocks too.</summary>
    public IEnumerable<PlanStep> AllSteps => Steps.SelectMany(static step => step switch
    {
        ResidualStep residual => [step, .. residual.Shortcut?.AllSteps ?? [], .. residual.Branch.AllSteps],
        StochasticDepthStep depth => [step, .. depth.Branch.AllSteps],
        _ => (IEnumerable<PlanStep>)[step],
    });

    /// <summary>The plan of a model.</summary>
    /// <param name="model">Any model of one tensor.</param>
    public static ModelPlan Of(nn.Module<Tensor, Tensor> model)
    {
        ModelPlan plan = Open(model, "");
        HashSet<MaskedModule> seen = new(ReferenceEqualityComparer.Instance), repeated = new(ReferenceEqualityComparer.Instance);
        DropoutStep[] sites = [.. plan.AllSteps.OfType<DropoutStep>()];
        foreach (DropoutStep site in sites)
        {
            if (!seen.Add(site.Module))
            {
                repeated.Add(site.Module);
            }
        }

        foreach (DropoutStep site in sites)
        {
            site.IsRepeated = repeated.Contains(site.Module);
        }

        return plan;
    }

    private static ModelPlan Open(nn.Module<Tensor, Tensor> model, string path)
    {
        List<PlanStep> steps = [];
        Add(steps, model, path);
        return new ModelPlan(steps);
    }

    private static void Add(List<PlanStep> steps, nn.Module<Tensor, Tensor> module, string path)
    {
        if (ModuleHooks.Has(module))
        {
            steps.Add(new OpaqueStep(path, module));
            return;
        }

        switch (module)
        {
            case Sequential chain when chain.GetType() == typeof(Sequential):
                foreach ((string name, nn.Module child) in chain.named_children())
                {
                    Add(steps, (nn.Module<Tensor, Tensor>)child, Join(path, name)); // a Sequential takes no other
                }

                break;
            case ResidualMlpBlock block:
                Add(steps, block.Path, Join(path, "path"));
                break;
            case ResNetBlock block:
                Add(steps, block.Path, Join(path, "path"));
                break;
            case TransformerBlock block:
                Add(steps, block.Attention, Join(path, "attention"));
                Add(steps, block.FeedForward, Join(path, "feed_forward"));
                break;
            case Residual block:
                steps.Add(new ResidualStep(
                    path, Open(block.Branch, Join(path, "branch")), block.Shortcut is null ? null : Open(block.Shortcut, Join(path, "shortcut"))));
                break;
            case StochasticDepth block:
                steps.Add(new StochasticDepthStep(path, block, Open(block.Branch, Join(path, "branch"))));
                break;
            case ThinnedNetwork network:
                Add(steps, network.Model, Join(path, "model"));
                break;
            default:
                steps.Add(Step(module, path));
                break;
        }
    }

    private static PlanStep Step(nn.Module<Tensor, Tensor> module, string path) => module switch
    {
        Linear when module.GetType() == typeof(Linear) => new WeightStep(path, module),
        Conv1d or Conv2d or Conv3d when ((Convolution)module) is { groups: 1, transposed: false } => new WeightStep(path, module),
        MaskedModule dropout => new DropoutStep(path, dropout),
        BatchNorm norm when norm is BatchNorm1d or BatchNorm2d or BatchNorm3d => new BatchNormStep(path, norm),
        RMSNorm norm => new RmsNormStep(path, norm),
        Flatten flatten => new FlattenStep(path, flatten),
        _ when FeaturewiseModules.Find(module) is (bool keepsZero, bool isOfMaps) => new FeaturewiseStep(path, module, keepsZero, isOfMaps),
        _ => new OpaqueStep(path, module),
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
