using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A model taken apart for Monte-Carlo passes, as far as its forward pass is known.</summary>
/// <remarks>
/// Known are <c>Sequential</c>, this library's residual, transformer and stochastic-depth blocks, and what says that it is an <see cref="IModuleChain"/>. Every other module is one
/// part: called once for all passes where it has no dropout and nothing stochastic comes before it, once a pass otherwise.
/// </remarks>
internal sealed class PassTree
{
    private readonly HashSet<DropoutSite> _sites = [];
    private readonly HashSet<nn.Module> _foreign;

    private PassTree(IEnumerable<nn.Module> foreign) => _foreign = new(foreign, ReferenceEqualityComparer.Instance);

    /// <summary>The model's parts.</summary>
    public PassNode Root { get; private set; } = null!; // set by Of

    /// <summary>Why the model cannot be taken apart; null where it is.</summary>
    public string? Reason { get; private set; }

    /// <summary>Takes a model apart.</summary>
    /// <param name="model">The model.</param>
    /// <param name="foreign">Modules that draw from torch's generator.</param>
    public static PassTree Of(nn.Module<Tensor, Tensor> model, IEnumerable<nn.Module> foreign)
    {
        PassTree tree = new(foreign);
        tree.Root = tree.Read("", model);
        if (tree.Reason is null && tree.Root is PassOpaque)
        {
            tree.Reason = $"{model.GetType().Name} has a forward of its own, which cannot be looked into; a Sequential, or a module that is an {nameof(IModuleChain)}, can";
        }

        return tree;
    }

    private PassNode Read(string path, nn.Module module)
    {
        DropoutSite[] sites = [.. DropoutSites.Of(module).Select(static site => site.Site)];
        bool isForeign = module.named_modules().Select(static child => child.module).Append(module).Any(_foreign.Contains);
        bool isHeard = ModuleHooks.Has(module) || _foreign.Contains(module); // who listens to a module must hear its calls
        switch (module)
        {
            case nn.Module when isHeard:
                break;
            case Sequential when module.GetType() == typeof(Sequential):
                return Chain(path, module.named_children());
            case IModuleChain chain:
                return Chain(path, chain.Layers.Select((layer, index) => (Name(module, layer) ?? $"{index}", (nn.Module)layer)));
            case ResNetBlock block:
                return Read(Join(path, "path"), block.Path);
            case ResidualMlpBlock block:
                return Read(Join(path, "path"), block.Path);
            case ThinnedNetwork network:
                return Read(Join(path, "model"), network.Model);
            case TransformerBlock block:
                return Chain(path, [("attention", block.Attention), ("feed_forward", block.FeedForward)]);
            case Residual residual:
                return new PassSum(path, residual, Read(Join(path, "branch"), residual.Branch), Shortcut(path, residual.Shortcut));
        }

        if (sites.Length == 0 && !isForeign)
        {
            return new PassLeaf(path, (nn.Module<Tensor, Tensor>)module);
        }

        switch (module)
        {
            case nn.Module when isHeard:
                break;
            case MaskedModule { DropRate.KeepsAll: true } masked:
                Draws(path, masked.Site);
                return new PassChain(path, []);
            case DropoutModule dropout:
                Draws(path, dropout.Site);
                return new PassDrop(path, dropout);
            case StochasticDepth depth:
                Draws(path, depth.Site);
                PassNode branch = Read(Join(path, "branch"), depth.Branch);
                PassNode? shortcut = Shortcut(path, depth.Shortcut);
                return depth.DropRate.KeepsAll ? new PassSum(path, depth, branch, shortcut) : new PassDepth(path, depth, branch, shortcut);
            case LayerDrop layers:
                Draws(path, layers.Site);
                PassNode[] parts = [.. layers.Layers.Select((layer, index) => Read(Join(path, $"layers.{index}"), layer))];
                return layers.DropRate.KeepsAll ? new PassChain(path, parts) : new PassLayerDrop(path, layers, parts);
            case SelfAttention attention when !isForeign:
                return Attention(path, attention);
        }

        Array.ForEach(sites, site => Draws(path, site));
        return new PassOpaque(path, ((nn.Module<Tensor, Tensor>)module).call, sites, module.GetType().Name);
    }

    private PassChain Attention(string path, SelfAttention attention)
    {
        DropoutSite[] sites = [.. DropoutSites.Of(attention).Select(static site => site.Site)];
        Array.ForEach(sites, site => Draws(path, site));
        return new PassChain(
            path,
            [
                Read(Join(path, "projection"), attention.Projection),
                new PassOpaque(Join(path, "dropout"), attention.Attend, sites, nameof(SelfAttention)),
                Read(Join(path, "output"), attention.Output),
            ]);
    }

    private PassChain Chain(string path, IEnumerable<(string Name, nn.Module Module)> layers) =>
        new(path, [.. layers.Select(layer => Read(Join(path, layer.Name), layer.Module))]);

    private PassNode? Shortcut(string path, nn.Module<Tensor, Tensor>? shortcut) => shortcut is null ? null : Read(Join(path, "shortcut"), shortcut);

    // A site that is drawn from twice a pass takes a step each time, in the order of the forward pass.
    private void Draws(string path, DropoutSite site)
    {
        if (!_sites.Add(site))
        {
            Reason ??= $"the dropout at \"{path}\" is used more than once in a pass";
        }
    }

    private static string? Name(nn.Module parent, nn.Module child) =>
        parent.named_children().Where(named => ReferenceEquals(named.module, child)).Select(static named => named.name).FirstOrDefault();

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
