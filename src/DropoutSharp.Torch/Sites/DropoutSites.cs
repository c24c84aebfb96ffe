using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>All dropout sites of a model together.</summary>
public static class DropoutSites
{
    private const string ChildName = "site";

    /// <summary>Every site of a model once, in the order of its modules, with the path of the module that it belongs to.</summary>
    /// <param name="model">Any module; a dropout module itself too, whose path is then empty.</param>
    /// <returns>Path and site; a module that is registered under several names appears under the first.</returns>
    public static IReadOnlyList<(string Path, DropoutSite Site)> Of(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        HashSet<DropoutSite> seen = [];
        List<(string, DropoutSite)> sites = [];
        foreach ((string name, nn.Module module) in model.named_modules())
        {
            if (module is DropoutSite site && seen.Add(site))
            {
                sites.Add((Owner(name), site));
            }
        }

        return sites;
    }

    /// <summary>Gives all sites of a model one seed and a number each, and sets them to step 0: one number then decides all masks.</summary>
    /// <param name="model">Any module.</param>
    /// <param name="seed">The key of all masks.</param>
    /// <returns>How many sites there are.</returns>
    /// <remarks>A sub-network then has a name, (seed, step), over all sites.</remarks>
    public static int Seed(nn.Module model, ulong seed)
    {
        IReadOnlyList<(string Path, DropoutSite Site)> sites = Of(model);
        for (int i = 0; i < sites.Count; i++)
        {
            sites[i].Site.Position = new MaskStream(seed, 0, (uint)i);
        }

        return sites.Count;
    }

    private static string Owner(string name) =>
        name == ChildName ? "" : name.EndsWith("." + ChildName, StringComparison.Ordinal) ? name[..^(ChildName.Length + 1)] : name;
}
