using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

public static partial class ModelSurgery
{
    private const string InsertedName = "dropout_after";

    /// <summary>Lets the output of chosen modules pass through a new module.</summary>
    /// <param name="model">Any module.</param>
    /// <param name="predicate">Which modules, by path and module. Only those from a tensor to a tensor can be chosen.</param>
    /// <param name="create">Makes the module for a path; null to leave it.</param>
    /// <returns>The model, and what was inserted.</returns>
    /// <remarks>
    /// The new module becomes the child <c>dropout_after</c> of the chosen one, or the last element of a chosen <c>Sequential</c>, so that every name that was there stays. It is called by a hook, which code that
    /// calls <c>forward</c> instead of <c>call</c> bypasses.
    /// </remarks>
    public static SurgeryReport InsertAfter(
        nn.Module model, Func<string, nn.Module, bool> predicate, Func<string, nn.Module<Tensor, Tensor>?> create)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        ArgumentNullException.ThrowIfNull(create);
        List<SurgeryChange> changes = [];
        foreach ((string path, nn.Module module, _) in ModulePaths.Of(model))
        {
            if (module is DropoutSite || !predicate(path, module))
            {
                continue;
            }

            string kind = module.GetType().Name;
            string? refusal = module is not nn.Module<Tensor, Tensor> ? "it does not lead from a tensor to a tensor"
                : module.named_children().Any(static child => child.name == InsertedName) ? "something was inserted already"
                : null;
            if (refusal is not null)
            {
                changes.Add(new SurgeryChange(path, kind, kind, refusal));
            }
            else if (create(path) is nn.Module<Tensor, Tensor> inserted)
            {
                Insert((nn.Module<Tensor, Tensor>)module, inserted);
                changes.Add(new SurgeryChange(path, kind, $"{kind}, then {inserted.GetType().Name}"));
            }
        }

        return new SurgeryReport(model, changes);
    }

    /// <summary>Drops residual branches: exchanges <see cref="Residual"/> blocks for <see cref="StochasticDepth"/> with rates over their depth.</summary>
    /// <param name="model">Any module.</param>
    /// <param name="rates">The rates of so many blocks, such as <c>depth =&gt; DepthRates.Linear(0.5, depth)</c>.</param>
    /// <param name="mode">For whom branches are dropped, and what is computed.</param>
    /// <param name="scaling">When branches are scaled.</param>
    /// <param name="seed">The key of all masks, with the blocks numbered in the model's order; null draws one for each.</param>
    /// <exception cref="ArgumentException">The rule gives another number of rates than there are blocks.</exception>
    /// <remarks>Weights keep their names. In a model that adds its branches itself, put a <see cref="DropPath"/> behind them with <see cref="InsertAfter"/>.</remarks>
    public static SurgeryReport DropResidualBranches(
        nn.Module model,
        Func<int, IReadOnlyList<DropRate>> rates,
        StochasticDepthMode mode = StochasticDepthMode.Row,
        Scaling scaling = Scaling.Inverted,
        ulong? seed = null)
    {
        ArgumentNullException.ThrowIfNull(rates);
        Residual[] blocks = [.. ModulePaths.Of(model).Select(static entry => entry.Module).OfType<Residual>()];
        IReadOnlyList<DropRate> chosen = blocks.Length == 0 ? [] : rates(blocks.Length);
        if (chosen.Count != blocks.Length)
        {
            throw new ArgumentException($"Rates must be as many as the {blocks.Length} residual blocks; received {chosen.Count}.", nameof(rates));
        }

        return Exchange(model, (_, module) =>
        {
            int number = module is Residual block ? Array.IndexOf(blocks, block) : -1;
            return number < 0 ? null : new Replacement(
                nameof(StochasticDepth),
                () => new StochasticDepth(
                    blocks[number].Branch, chosen[number].Value, mode, scaling, blocks[number].Shortcut, seed, (uint)number));
        });
    }

    private static void Insert(nn.Module<Tensor, Tensor> module, nn.Module<Tensor, Tensor> inserted)
    {
        inserted.train(module.training);
        if (module is Sequential chain)
        {
            chain.append(InsertedName, inserted);
            return;
        }

        module.register_module(InsertedName, inserted);
        module.register_forward_hook((_, input, output) =>
        {
            Tensor changed = inserted.call(output);
            if (output is not Parameter && !ReferenceEquals(output, input) && !ReferenceEquals(output, changed))
            {
                output.Dispose();
            }

            return changed;
        });
    }
}
