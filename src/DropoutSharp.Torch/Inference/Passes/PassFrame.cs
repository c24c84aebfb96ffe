using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Some Monte-Carlo passes over one batch of rows: where they draw, and what they have in common.</summary>
/// <param name="draws">What the sites draw.</param>
/// <param name="passes">The passes, ascending.</param>
/// <param name="firstRow">The index, in the whole data, of the batch's first row.</param>
/// <param name="once">What was computed once for all passes over these rows.</param>
internal sealed class PassFrame(PassDraws draws, int[] passes, long firstRow, OnceValues once)
{
    public int Count => passes.Length;

    public PassDraws Draws => draws;

    /// <summary>How many passes share what is computed once.</summary>
    public int Sharing => draws.Sharing;

    /// <summary>The same rows in some of the passes.</summary>
    public PassFrame With(int[] chosen) => chosen.Length == Count ? this : new(draws, [.. chosen.Select(index => passes[index])], firstRow, once);

    /// <summary>What a site draws in one of the passes.</summary>
    public SiteDraw Draw(DropoutSite site, int index) => draws.Draw(site, passes[index], firstRow);

    /// <summary>The kept units of a module with one mask for all rows, in the frame's first pass.</summary>
    public int[] KeptUnits(MaskedModule module, int count) => draws.KeptUnits(module, passes[0], count);

    /// <summary>Lets sites draw as one of the passes does, until the result is disposed.</summary>
    public IDisposable Sample(IReadOnlyList<DropoutSite> sites, int index)
    {
        Samples samples = new();
        foreach (DropoutSite site in sites)
        {
            samples.Add(site.Sample(draws.Sampling(site, passes[index], firstRow)));
        }

        return samples;
    }

    /// <summary>What is the same in all passes: computed when it is asked for the first time.</summary>
    public Tensor Once(object part, int place, Func<Tensor> compute) => once.Get((part, place), compute);

    private sealed class Samples : IDisposable
    {
        private readonly List<IDisposable> _samples = [];

        public void Add(IDisposable sample) => _samples.Add(sample);

        public void Dispose() => _samples.ForEach(static sample => sample.Dispose());
    }
}
