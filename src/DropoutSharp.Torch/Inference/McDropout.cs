using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Monte-Carlo dropout over any model: several passes with dropout on and everything else in evaluation mode.</summary>
/// <remarks>
/// <para>
/// The mean of the passes approximates the predictive mean of a Bayesian network, and their spread what the model does not know (Gal and Ghahramani,
/// "Dropout as a Bayesian approximation", ICML 2016). For the time of each pass only dropout is stochastic: batch normalisation and every other module are
/// in evaluation mode whatever the model was in, and afterwards each module is in the mode that it was found in. Gradients are off.
/// </para>
/// <para>
/// Sites are found in any nesting. Those of this library draw from a stream of their own, so that training's position is not moved and a pass's masks are a
/// pure function of seed, pass, site and row. TorchSharp's own dropout modules are put into training mode for the pass and torch's generator is seeded for it
/// and given back as it was; their masks then also depend on how rows are cut into batches, and cannot be shared by rows. Dropout that
/// libtorch keeps inside a layer (between the layers of an LSTM or GRU, in attention) cannot be told from the outside: name such layers in
/// <c>alsoStochastic</c> to have them in training mode too.
/// </para>
/// <para>Not to be run by two threads at once on one model.</para>
/// </remarks>
public sealed partial class McDropout
{
    // Monte-Carlo masks must never be training's, even where a user gives both the same seed.
    private const ulong Use = 0x6D63; // "mc"

    private readonly nn.Module _root;
    private readonly Func<Tensor, Tensor> _forward;
    private readonly nn.Module<Tensor, Tensor>? _model;
    private readonly nn.Module[] _modules;
    private readonly DropoutSite[] _sites;
    private readonly nn.Module[] _ofTorch;
    private readonly bool _hasTorchSharps;

    /// <summary>Finds the dropout of a model.</summary>
    /// <param name="model">Any model of one tensor.</param>
    /// <param name="alsoStochastic">Picks modules that are to be in training mode too: layers with dropout inside libtorch. Null for none.</param>
    /// <exception cref="ArgumentException">There is no dropout in the model.</exception>
    public McDropout(nn.Module<Tensor, Tensor> model, Func<nn.Module, bool>? alsoStochastic = null)
        : this(model, Forward(model), alsoStochastic) => _model = model;

    /// <summary>Finds the dropout of a model that is not called with one tensor alone.</summary>
    /// <param name="model">Any model.</param>
    /// <param name="forward">Calls it: gets a batch of the input and returns the output, rows first in both.</param>
    /// <param name="alsoStochastic">Picks modules that are to be in training mode too: layers with dropout inside libtorch. Null for none.</param>
    /// <exception cref="ArgumentException">There is no dropout in the model.</exception>
    public McDropout(nn.Module model, Func<Tensor, Tensor> forward, Func<nn.Module, bool>? alsoStochastic = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(forward);
        (_root, _forward) = (model, forward);
        Dictionary<nn.Module, string> paths = new(ReferenceEqualityComparer.Instance) { [model] = "" };
        foreach ((string path, nn.Module module) in model.named_modules())
        {
            paths.TryAdd(module, path);
        }

        _modules = [.. paths.Keys];
        IReadOnlyList<(string Path, DropoutSite Site)> own = DropoutSites.Of(model);
        _sites = [.. own.Select(site => site.Site)];
        nn.Module[] torchSharps = [.. _modules.Where(module => TorchDropouts.Rate(module) is not null)];
        nn.Module[] named = alsoStochastic is null ? [] : [.. _modules.Where(module => module is not DropoutSite && alsoStochastic(module)).Except(torchSharps)];
        _ofTorch = [.. torchSharps, .. named];
        _hasTorchSharps = _ofTorch.Length > 0;
        if (_sites.Length == 0 && !_hasTorchSharps)
        {
            throw new ArgumentException(
                $"Monte-Carlo dropout needs a model with dropout; found none among its {_modules.Length} modules.", nameof(model));
        }

        Sites =
        [
            .. own.Select(site => new McDropoutSite(site.Path, Kind(model, site.Path), site.Site.DropRate.Value, false)),
            .. torchSharps.Select(module => new McDropoutSite(paths[module], module.GetType().Name, TorchDropouts.Rate(module)!.Value, true)),
            .. named.Select(module => new McDropoutSite(paths[module], module.GetType().Name, double.NaN, true)),
        ];
    }

    /// <summary>The dropout layers: this library's, TorchSharp's, and those that were named (whose rate is not known: NaN).</summary>
    public IReadOnlyList<McDropoutSite> Sites { get; }

    /// <summary>
    /// Why all passes will be the same, or null: every drop rate is 0, so that the passes have no spread and say nothing of what the model does not know.
    /// </summary>
    public string? Warning =>
        Sites.All(site => site.DropRate == 0) && _sites.All(site => site.DropRate.KeepsAll)
            ? $"Every drop rate is 0 ({Sites.Count} {(Sites.Count == 1 ? "site" : "sites")}): all passes are the same and show no uncertainty."
            : null;

    /// <summary>The position from which a site of this library draws in a pass.</summary>
    /// <param name="seed">The seed of the passes.</param>
    /// <param name="pass">The pass, counted from 0.</param>
    /// <param name="site">The site's number in <see cref="DropoutSites.Of"/>.</param>
    /// <remarks>With this, a pass can be computed in another way (thinned, in part, elsewhere) with the same masks.</remarks>
    public static MaskStream PassStream(ulong seed, int pass, int site) =>
        new(MaskStream.DeriveKey(MaskStream.DeriveKey(seed, Use), (ulong)pass), 0, (uint)site);

    /// <summary>The passes as a stream: one output tensor after the other, computed a few at a time when they are asked for.</summary>
    /// <param name="input">The rows, along the first dimension.</param>
    /// <param name="options">How many passes, and how they draw.</param>
    /// <returns>T outputs without gradients; the caller owns each. Between two of them the model is as it was found.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one pass, or a negative batch size or first row.</exception>
    /// <exception cref="ArgumentException">The input has no rows, or masks are to be shared by rows and the model has dropout of TorchSharp's own.</exception>
    public IEnumerable<Tensor> Stream(Tensor input, McDropoutOptions options)
    {
        Check(input, options);
        (McPlan plan, PassTree? tree, PassProbe? probe) = Prepare(input, options);
        return tree is null ? Passes(input, options) : Planned(input, options, plan, tree, probe!); // made together
    }

    private static Func<Tensor, Tensor> Forward(nn.Module<Tensor, Tensor> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.call;
    }

    private static string Kind(nn.Module model, string path) =>
        path.Length == 0 ? model.GetType().Name : model.named_modules().First(module => module.name == path).module.GetType().Name;

    private void Check(Tensor input, McDropoutOptions options)
    {
        ArgumentNullException.ThrowIfNull(input);
        options.Check();
        if (input.dim() == 0 || input.size(0) == 0)
        {
            throw new ArgumentException($"Input must have at least one row, along its first dimension; received the shape [{string.Join(", ", input.shape)}].", nameof(input));
        }

        if (options.IsSharedByRows && _hasTorchSharps)
        {
            McDropoutSite foreign = Sites.First(site => site.IsTorchSharps);
            throw new ArgumentException(
                $"Masks shared by rows need this library's dropout modules; received TorchSharp's {foreign.Kind} at \"{foreign.Path}\".", nameof(options));
        }
    }

    private IEnumerable<Tensor> Passes(Tensor input, McDropoutOptions options)
    {
        for (int pass = 0; pass < options.Passes; pass++)
        {
            yield return Pass(input, options, pass);
        }
    }

    private Tensor Pass(Tensor input, McDropoutOptions options, int pass)
    {
        using ModelState state = new(_root, _modules, _ofTorch);
        using IDisposable noGradient = no_grad();
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        long rows = input.size(0), atOnce = options.BatchSize == 0 ? rows : options.BatchSize;
        List<Tensor> parts = [];
        for (long first = 0; first < rows; first += atOnce)
        {
            long count = Math.Min(atOnce, rows - first);
            using SiteSamples samples = new(_sites, options, pass, options.FirstRow + first);
            if (_hasTorchSharps)
            {
                ulong key = MaskStream.DeriveKey(PassStream(options.Seed, pass, 0).Key, (ulong)(options.FirstRow + first));
                manual_seed((long)(key >> 1));
            }

            parts.Add(_forward(count == rows ? input.alias() : input.narrow(0, first, count)));
        }

        return (parts.Count == 1 ? parts[0] : cat(parts, 0)).MoveToOuterDisposeScope();
    }

    /// <summary>All sites of this library sampled for one forward pass.</summary>
    private sealed class SiteSamples : IDisposable
    {
        private readonly List<IDisposable> _samples = [];

        public SiteSamples(DropoutSite[] sites, McDropoutOptions options, int pass, long firstRow)
        {
            for (int site = 0; site < sites.Length; site++)
            {
                _samples.Add(sites[site].Sample(new SiteSampling(PassStream(options.Seed, pass, site), options.IsSharedByRows, firstRow)));
            }
        }

        public void Dispose()
        {
            foreach (IDisposable sample in _samples)
            {
                sample.Dispose();
            }
        }
    }

    /// <summary>The model in evaluation mode but for torch's own dropout; what was found is brought back at the end.</summary>
    private sealed class ModelState : IDisposable
    {
        private readonly nn.Module[] _modules;
        private readonly bool[] _training;
        private readonly Tensor? _generator;

        public ModelState(nn.Module root, nn.Module[] modules, nn.Module[] stochastic)
        {
            _modules = modules;
            _training = Array.ConvertAll(modules, module => module.training);
            _generator = stochastic.Length > 0 ? get_rng_state().DetachFromDisposeScope() : null;
            if (Array.Exists(_training, training => training))
            {
                root.eval();
            }

            foreach (nn.Module module in stochastic)
            {
                module.train();
            }
        }

        public void Dispose()
        {
            // Parents come first, as setting a mode sets it for all below.
            for (int i = 0; i < _modules.Length; i++)
            {
                if (_modules[i].training != _training[i])
                {
                    _modules[i].train(_training[i]);
                }
            }

            if (_generator is not null)
            {
                set_rng_state(_generator);
                _generator.Dispose();
            }
        }
    }
}
