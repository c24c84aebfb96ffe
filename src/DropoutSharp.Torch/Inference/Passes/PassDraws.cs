using System.Buffers;
using System.Collections.Concurrent;

namespace DropoutSharp.Torch;

/// <summary>What the sites of a model draw in a pass: a function of site, pass and row.</summary>
/// <param name="stream">The position from which a site draws in a pass.</param>
/// <param name="isSharedByRows">Whether the rows of a pass share one mask.</param>
/// <param name="sharing">How many passes share what is computed once for several.</param>
internal sealed class PassDraws(Func<DropoutSite, int, MaskStream> stream, bool isSharedByRows, int sharing)
{
    private readonly ConcurrentDictionary<(DropoutSite, int), int[]> _kept = new();

    public bool IsSharedByRows => isSharedByRows;

    public int Sharing => sharing;

    public SiteSampling Sampling(DropoutSite site, int pass, long firstRow) => new(stream(site, pass), isSharedByRows, firstRow);

    public SiteDraw Draw(DropoutSite site, int pass, long firstRow) => new()
    {
        IsStochastic = true,
        DropRate = site.DropRate,
        Stream = stream(site, pass),
        IsSharedByRows = isSharedByRows,
        FirstRow = firstRow,
    };

    /// <summary>The kept units of a mask that all rows share, ascending.</summary>
    public int[] KeptUnits(MaskedModule module, int pass, int count) => _kept.GetOrAdd((module.Site, pass), _ =>
    {
        DropRate rate = module.Site.DropRate;
        int[] all = ArrayPool<int>.Shared.Rent(count);
        int[] kept = all[..stream(module.Site, pass).FillKeptIndices(all, count, rate)];
        ArrayPool<int>.Shared.Return(all);
        return kept;
    });

    /// <summary>Forgets the masks of passes that are done.</summary>
    public void Forget() => _kept.Clear();
}
