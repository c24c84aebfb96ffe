using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A place in a model that draws a mask in training, of this project's kinds or of TorchSharp's.</summary>
/// <param name="Path">The path of the module that draws.</param>
/// <param name="Module">That module.</param>
/// <param name="Site">Its site; null for TorchSharp's own dropout.</param>
/// <param name="DropRate">Its drop rate.</param>
internal sealed record StochasticSite(string Path, nn.Module Module, DropoutSite? Site, double DropRate)
{
    private const ulong DiagnosisTag = 0x646961676E6F7365; // "diagnose"

    public string Kind => Module.GetType().Name;

    /// <summary>Whether its noise is a factor of mean 1 and variance r/(1−r), drawn for each value alone, as of inverted dropout.</summary>
    public bool IsElementwise => Kind is nameof(TorchSharp.Modules.Dropout) or "GaussianDropout" or "ConcreteDropout";

    public static List<StochasticSite> Of(nn.Module model)
    {
        List<(string Path, nn.Module Module, int Depth)> modules = ModulePaths.Of(model);
        var sites = new List<StochasticSite>();
        foreach ((string path, nn.Module module, _) in modules)
        {
            if (module is DropoutSite site)
            {
                string owner = path.Contains('.', StringComparison.Ordinal) ? path[..path.LastIndexOf('.')] : string.Empty;
                sites.Add(new StochasticSite(owner, modules.Find(entry => entry.Path == owner).Module, site, site.DropRate.Value));
            }
            else if (RateOf(module) is { } rate)
            {
                sites.Add(new StochasticSite(path, module, null, rate));
            }
        }

        return sites;
    }

    /// <summary>Makes the site draw, and nothing else, until disposed. A site of this project draws from a stream of its own: training's position stays.</summary>
    public IDisposable Draw()
    {
        if (Site is not null)
        {
            return Site.Sample(new SiteSampling(Site.Position.Derive(DiagnosisTag)));
        }

        Module.train();
        return new Evaluation(Module);
    }

    private static double? RateOf(nn.Module module) => module switch
    {
        TorchSharp.Modules.Dropout dropout => dropout.p,
        TorchSharp.Modules.Dropout1d dropout => dropout.p,
        TorchSharp.Modules.Dropout2d dropout => dropout.p,
        TorchSharp.Modules.Dropout3d dropout => dropout.p,
        TorchSharp.Modules.AlphaDropout dropout => dropout.p,
        TorchSharp.Modules.FeatureAlphaDropout dropout => dropout.p,
        _ => null,
    };

    private sealed class Evaluation(nn.Module module) : IDisposable
    {
        public void Dispose() => module.eval();
    }
}
