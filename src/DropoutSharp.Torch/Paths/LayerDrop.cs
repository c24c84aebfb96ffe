using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A chain of layers of which whole ones are left out at random in training; any shallower chain can then be taken from it.</summary>
/// <remarks>
/// <para>
/// In training each layer is skipped with the drop rate's probability, independently; a skipped layer is not run and its input passes on unchanged. Nothing is scaled, in training or in
/// evaluation, where every layer is run. Fan, Grave and Joulin, "Reducing transformer depth on demand with structured dropout", ICLR 2020.
/// </para>
/// <para>Layers must keep their input's shape, as residual blocks and transformer layers do.</para>
/// </remarks>
public sealed class LayerDrop : nn.Module<Tensor, Tensor>, IMaskedSites
{
    private const string LayersName = "layers";
    private const string SiteName = "site";

    [ComponentName(Name = LayersName)]
    private readonly ModuleList<nn.Module<Tensor, Tensor>> _layers;

    [ComponentName(Name = SiteName)]
    private readonly DropoutSite _site;

    /// <summary>A chain of layers.</summary>
    /// <param name="layers">The layers in their order; the chain owns them, as its child <c>layers</c>.</param>
    /// <param name="dropRate">The probability that a layer is skipped, in [0, 1].</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator.</param>
    /// <param name="site">The site's number; sites with the same seed must differ in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1].</exception>
    public LayerDrop(IEnumerable<nn.Module<Tensor, Tensor>> layers, double dropRate = 0.2, ulong? seed = null, uint site = 0)
        : base(nameof(LayerDrop))
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = new ModuleList<nn.Module<Tensor, Tensor>>([.. layers]);
        _site = new DropoutSite(dropRate, seed, site);
        register_module(LayersName, _layers);
        register_module(SiteName, _site);
    }

    /// <summary>The layers in their order.</summary>
    public IReadOnlyList<nn.Module<Tensor, Tensor>> Layers => [.. _layers];

    /// <summary>Where the chain draws.</summary>
    public DropoutSite Site => _site;

    /// <summary>The probability that a layer is skipped, in [0, 1]; may be changed between steps.</summary>
    public DropRate DropRate
    {
        get => _site.DropRate;
        set => _site.DropRate = value;
    }

    /// <summary>The position of the next draw in training; set it to draw the same masks again.</summary>
    public MaskStream Position
    {
        get => _site.Position;
        set => _site.Position = value;
    }

    /// <summary>The mask of the latest stochastic pass as a new bool tensor of one element a layer, true where it was run; null before the first.</summary>
    public Tensor? CurrentMask => _site.LatestMask(draw => MaskedNoise.MaskTensor(draw.Stream, draw.DropRate, [_layers.Count], 0, CPU));

    /// <summary>The layers that a shallower chain keeps when every n-th is left out, as the paper prunes.</summary>
    /// <param name="depth">How many layers to keep, from 0 to all.</param>
    /// <returns>The kept layers' indices, ascending and evenly spread.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="depth"/> is negative or above the number of layers.</exception>
    public IReadOnlyList<int> LayersOfDepth(int depth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, _layers.Count);
        return [.. Enumerable.Range(0, depth).Select(i => (int)((long)i * _layers.Count / depth))];
    }

    /// <summary>One pass through the chain.</summary>
    /// <param name="input">A floating-point tensor that the first layer takes.</param>
    /// <returns>What the last layer gives; an alias of the input where every layer was skipped.</returns>
    /// <exception cref="ArgumentException">The element type is none that can be taken, or a given mask does not fit.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DropoutModule.CheckElementType(input);
        SiteDraw draw = _site.Draw();
        Func<int, bool> keeps = Keeps(draw);
        Tensor current = input.alias();
        for (int layer = 0; layer < _layers.Count; layer++)
        {
            if (keeps(layer))
            {
                Tensor next = _layers[layer].call(current);
                current.Dispose();
                current = next;
            }
        }

        return current;
    }

    private Func<int, bool> Keeps(SiteDraw draw)
    {
        if (!draw.IsStochastic)
        {
            return static _ => true;
        }

        if (draw.Mask is not Tensor mask)
        {
            return layer => draw.Stream.IsKept(layer, draw.DropRate);
        }

        if (mask.dtype != ScalarType.Bool || mask.numel() != _layers.Count)
        {
            throw new ArgumentException(
                $"Mask must be a bool tensor of {_layers.Count} elements, one a layer; received {mask.dtype} of shape [{string.Join(", ", mask.shape)}].");
        }

        bool[] kept = mask.cpu().contiguous().data<bool>().ToArray();
        return layer => kept[layer];
    }

    Tensor? IMaskedSites.LatestMask(DropoutSite site) => CurrentMask;
}
