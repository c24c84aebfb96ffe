using static TorchSharp.torch;

namespace DropoutSharp.Torch;

public sealed partial class McDropout
{
    // What is the same in all passes is kept for all rows while it takes no more than this.
    private const long MostOnceBytes = 256L << 20;

    // Outputs of a group of passes that wait to be read.
    private const long MostWaitingBytes = 64L << 20;

    // The most passes whose outputs wait together: the model's modes are set, and threads wait for each other, once for all of them.
    private const int GroupedPasses = 32;

    /// <summary>How passes would be computed, and why: what <see cref="Stream"/> does with the same arguments.</summary>
    /// <param name="input">The rows, along the first dimension.</param>
    /// <param name="options">How many passes, and how they draw.</param>
    /// <exception cref="ArgumentException">As for <see cref="Stream"/>.</exception>
    public McPlan Plan(Tensor input, McDropoutOptions options)
    {
        Check(input, options);
        return Prepare(input, options).Plan;
    }

    /// <summary>What a row or two show; null where passes are computed the plain way.</summary>
    internal PassProbe? Probe(Tensor input, McDropoutOptions options) => Prepare(input, options).Probe;

    private (McPlan Plan, PassTree? Tree, PassProbe? Probe) Prepare(Tensor input, McDropoutOptions options)
    {
        long rows = input.size(0);
        int rowsAtOnce = checked((int)(options.BatchSize == 0 ? rows : Math.Min(options.BatchSize, rows)));
        if (options.Execution == McExecution.Plain)
        {
            return (Plain("as asked for"), null, null);
        }

        PassTree? tree = _model is null ? null : PassTree.Of(_model, _ofTorch);
        string? reason = tree is null ? "the model is called by a function of the caller's, which cannot be looked into" : tree.Reason;
        if (tree is null || reason is not null)
        {
            return options.Execution == McExecution.Automatic
                ? (Plain(reason!), null, null)
                : throw new ArgumentException($"Execution must be Plain or Automatic for this model, as {reason}; received {options.Execution}.", nameof(options));
        }

        using ModelState state = new(_root, _modules, _ofTorch);
        using IDisposable noGradient = no_grad();
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        PassProbe probe = PassProbe.Of(tree.Root, input.narrow(0, 0, Math.Min(2, rows)), Draws(options, options.Passes));
        return (new McPlanner(tree, probe, options, rowsAtOnce, _hasTorchSharps, McCosts.Default).Choose(), tree, probe);

        McPlan Plain(string why) => new(McExecution.Plain, why, 1, 1, rowsAtOnce, [], [.. Paths()]);
    }

    private PassDraws Draws(McDropoutOptions options, int sharing)
    {
        Dictionary<DropoutSite, int> numbers = [];
        for (int site = 0; site < _sites.Length; site++)
        {
            numbers[_sites[site]] = site;
        }

        return new((site, pass) => PassStream(options.Seed, pass, numbers[site]), options.IsSharedByRows, sharing);
    }

    private IEnumerable<string> Paths() => _root.named_modules().Where(static named => named.module is not DropoutSite && !named.module.children().Any(static child => child is not DropoutSite))
        .Select(static named => named.name);

    private IEnumerable<Tensor> Planned(Tensor input, McDropoutOptions options, McPlan plan, PassTree tree, PassProbe probe)
    {
        long rows = input.size(0);
        bool keepsOnce = plan.RowsAtOnce >= rows || probe.OnceBytes * rows <= MostOnceBytes;
        int waiting = (int)Math.Min(options.Passes, MostWaitingBytes / Math.Max(1, probe.OutputBytes * rows));
        int step = plan.Execution == McExecution.Thinned || plan.Workers > 1 ? plan.PassesAtOnce * Math.Max(plan.Workers, Math.Min(GroupedPasses, waiting) / plan.PassesAtOnce) : plan.PassesAtOnce;
        int group = keepsOnce ? step : Math.Max(step, waiting);
        PassDraws draws = Draws(options, keepsOnce ? options.Passes : Math.Min(group, options.Passes));
        using PassRunner runner = new(tree.Root, draws, plan, input, options.FirstRow, keepsOnce, _hasTorchSharps ? Seed : null);
        for (int pass = 0; pass < options.Passes;)
        {
            // A first pass alone, with all threads, computes what all share.
            int count = pass == 0 && keepsOnce && plan.Workers > 1 && probe.OnceBytes > 0 ? 1 : Math.Min(group, options.Passes - pass);
            Tensor[] outputs = Group(runner, [.. Enumerable.Range(pass, count)]);
            pass += count;
            int given = 0;
            try
            {
                while (given < outputs.Length)
                {
                    yield return outputs[given++];
                }
            }
            finally
            {
                Array.ForEach(outputs[given..], static output => output.Dispose());
            }
        }

        void Seed(int pass, long firstRow) => manual_seed((long)(MaskStream.DeriveKey(PassStream(options.Seed, pass, 0).Key, (ulong)firstRow) >> 1));
    }

    private Tensor[] Group(PassRunner runner, int[] passes)
    {
        using ModelState state = new(_root, _modules, _ofTorch);
        using IDisposable noGradient = no_grad();
        return runner.Run(passes);
    }
}
