using System.IO.Enumeration;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Changes the dropout of a model that exists, in place: weights, buffers, names, element types and devices stay what they are.</summary>
/// <remarks>
/// <para>
/// It reaches any nesting, TorchSharp's containers, fields and lists of one's own modules, a module that is registered under several names (which stays one module), and a model that is itself a dropout
/// module. Every call reports what it changed, what it could not change and why, or that there was nothing to change.
/// </para>
/// <para>Paths are those of <c>named_modules</c>, such as <c>encoder.layers.0.dropout</c>; patterns take <c>*</c> and <c>?</c>.</para>
/// </remarks>
public static partial class ModelSurgery
{
    /// <summary>Every place that drops, in the model's order.</summary>
    /// <param name="model">Any module.</param>
    public static IReadOnlyList<DropoutSiteInfo> Sites(nn.Module model)
    {
        List<DropoutSiteInfo> sites = [];
        Dictionary<DropoutSite, nn.Module> owners = new(ReferenceEqualityComparer.Instance as IEqualityComparer<DropoutSite>);
        foreach ((string path, nn.Module module, _) in ModulePaths.Of(model))
        {
            foreach ((_, nn.Module child) in module.named_children())
            {
                if (child is DropoutSite owned)
                {
                    owners.TryAdd(owned, module);
                }
            }

            if (module is DropoutSite site)
            {
                nn.Module owner = owners.GetValueOrDefault(site, site);
                using Tensor? mask = (owner as IMaskedSites)?.LatestMask(site);
                sites.Add(new DropoutSiteInfo(SitePath(path), Kind(owner), site.DropRate.Value, mask?.shape, site.training));
            }
            else if (TorchDropouts.Rate(module) is double rate)
            {
                sites.Add(new DropoutSiteInfo(
                    path, Kind(module), rate is >= 0 and <= 1 ? rate : double.NaN, null, module.training));
            }
        }

        return sites;
    }

    /// <summary>Sets the drop rate of every place whose path fits a pattern, TorchSharp's own modules too.</summary>
    /// <param name="model">Any module.</param>
    /// <param name="pattern">A path with <c>*</c> and <c>?</c>, such as <c>encoder.*.dropout</c>; <c>*</c> alone for all.</param>
    /// <param name="dropRate">The new rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is 1 and a module needs it below; none is changed then.</exception>
    public static SurgeryReport SetRates(nn.Module model, string pattern, DropRate dropRate)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        List<SurgeryChange> changes = [];
        List<Action> undo = [];
        foreach ((string path, nn.Module module, _) in ModulePaths.Of(model))
        {
            string place = module is DropoutSite ? SitePath(path) : path;
            if (!FileSystemName.MatchesSimpleExpression(pattern, place, ignoreCase: false))
            {
                continue;
            }

            double? before = module is DropoutSite own ? own.DropRate.Value : TorchDropouts.Rate(module);
            if (before is not double rate)
            {
                continue;
            }

            try
            {
                if (module is DropoutSite site)
                {
                    site.DropRate = dropRate;
                    undo.Add(() => site.DropRate = rate);
                }
                else
                {
                    TorchDropouts.SetRate(module, dropRate.Value);
                    undo.Add(() => TorchDropouts.SetRate(module, rate));
                }
            }
            catch (ArgumentOutOfRangeException)
            {
                undo.ForEach(static step => step());
                throw;
            }

            if (rate != dropRate.Value)
            {
                changes.Add(new SurgeryChange(place, Rate(rate), Rate(dropRate.Value)));
            }
        }

        return new SurgeryReport(model, changes);
    }

    /// <summary>Puts a model into evaluation mode and its dropout, TorchSharp's own too, into training mode, until the result is disposed.</summary>
    /// <param name="model">Any module.</param>
    /// <returns>Disposing it brings back the mode of every module.</returns>
    public static IDisposable TrainDropoutOnly(nn.Module model)
    {
        var modes = new TrainingModes(model);
        model.eval();
        foreach ((_, nn.Module module, _) in ModulePaths.Of(model))
        {
            if (module is DropoutSite || TorchDropouts.Rate(module) is not null)
            {
                module.train();
            }
        }

        return modes;
    }

    // Both have a Dropout.
    private static string Kind(nn.Module module) => TorchDropouts.Rate(module) is null ? module.GetType().Name : $"TorchSharp {module.GetType().Name}";

    private static string Rate(double rate) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"rate {rate:0.######}");

    // A module's only site is called after the module; one of several by its own name.
    private static string SitePath(string path) =>
        path == "site" ? "" : path.EndsWith(".site", StringComparison.Ordinal) ? path[..^".site".Length] : path;

    /// <summary>Exchanges modules of a model, each for one replacement, under all of their names.</summary>
    private static SurgeryReport Exchange(nn.Module model, Func<string, nn.Module, Replacement?> choose)
    {
        List<SurgeryChange> changes = [];
        List<(string Path, nn.Module Module, int Depth)> modules = ModulePaths.Of(model);
        List<nn.Module> holders = [.. modules.Select(static entry => entry.Module)];
        nn.Module root = model;
        foreach ((string path, nn.Module module, _) in modules)
        {
            if (choose(path, module) is not { } replacement)
            {
                continue;
            }

            string before = Kind(module);
            if (replacement.Refusal is not null)
            {
                changes.Add(new SurgeryChange(path, before, replacement.Kind, replacement.Refusal));
                continue;
            }

            nn.Module made;
            bool training = module.training;
            using (new TrainingModes(module))
            {
                // What the new module takes over from the old one gets its own mode back.
                made = replacement.Make!(); // there is no refusal
                made.train(training);
            }

            string? refusal = null;
            if (ReferenceEquals(module, model))
            {
                root = made;
            }
            else
            {
                // A module that cannot be exchanged in one place stays in all: it must remain one module.
                nn.Module[] parents = [.. holders.Where(parent => parent.named_children().Any(child => ReferenceEquals(child.module, module)))];
                for (int i = 0; i < parents.Length && refusal is null; i++)
                {
                    refusal = ModuleSlots.Exchange(parents[i], module, made);
                    for (int j = 0; refusal is not null && j < i; j++)
                    {
                        ModuleSlots.Exchange(parents[j], made, module);
                    }
                }
            }

            if (refusal is null)
            {
                holders.Add(made); // it may hold modules of the old one that are still to be exchanged
            }

            changes.Add(new SurgeryChange(path, before, Kind(made), refusal));
        }

        return new SurgeryReport(root, changes);
    }

    private sealed record Replacement(string Kind, Func<nn.Module>? Make, string? Refusal = null);
}
