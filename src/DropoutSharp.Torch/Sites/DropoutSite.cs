using System.Globalization;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>
/// A place in a model that draws: its drop rate, its position in the mask stream, and whether it draws at all. Every dropout module has one as its
/// child <c>site</c>, so that a model's sites are found by looking for this type (<see cref="DropoutSites.Of"/>).
/// </summary>
/// <remarks>
/// <para>
/// The position (key, step, site) is the int64 buffer <c>position</c> and so part of the <c>state_dict</c>: a run that loads it goes on with the
/// same masks. It stays on the CPU and keeps its type, wherever the model is moved.
/// </para>
/// <para>Every forward pass in training takes one step, whatever the rate, so that a rate's schedule does not shift the masks of later steps.</para>
/// </remarks>
public sealed class DropoutSite : nn.Module
{
    private const string PositionName = "position";

    [ComponentName(Name = PositionName)]
    private readonly Tensor _position;

    private readonly bool _canDropAll;
    private DropRate _dropRate;
    private Override? _override;

    /// <summary>A site.</summary>
    /// <param name="dropRate">The probability that a unit is dropped, in [0, 1].</param>
    /// <param name="seed">The key of the masks; null draws one from torch's own generator, so that <c>torch.manual_seed</c> decides it.</param>
    /// <param name="site">The site's number. Sites with the same seed must differ in it, or they draw the same masks.</param>
    /// <param name="canDropAll">Whether the rate may be 1; variants that divide by the keep probability need it below.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is NaN or outside [0, 1], or 1 where it must be below.</exception>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded; the message names the cause.</exception>
    public DropoutSite(DropRate dropRate, ulong? seed = null, uint site = 0, bool canDropAll = true)
        : base(Loaded(nameof(DropoutSite)))
    {
        _canDropAll = canDropAll;
        DropRate = dropRate;
        _position = zeros(3, ScalarType.Int64, CPU).DetachFromDisposeScope();
        register_buffer(PositionName, _position);
        Position = new MaskStream(seed ?? DrawKey(), 0, site);
    }

    /// <summary>The probability that a unit is dropped, in [0, 1]; may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is 1 and this variant needs it below.</exception>
    public DropRate DropRate
    {
        get => _dropRate;
        set => _dropRate = value.DropsAll && !_canDropAll
            ? throw new ArgumentOutOfRangeException(
                nameof(value), value.Value, string.Create(CultureInfo.InvariantCulture, $"Drop rate must be in [0, 1); received {value.Value}."))
            : value;
    }

    /// <summary>The position of the next draw in training.</summary>
    public unsafe MaskStream Position
    {
        get
        {
            long* position = (long*)TensorMemory.Address(_position);
            MaskStream stream = new((ulong)position[0], (uint)position[1], (uint)position[2]);
            GC.KeepAlive(_position);
            return stream;
        }

        set
        {
            long* position = (long*)TensorMemory.Address(_position);
            (position[0], position[1], position[2]) = ((long)value.Key, value.Step, value.Site);
            GC.KeepAlive(_position);
        }
    }

    /// <summary>Whether the next forward pass draws: in training mode, or while sampled or given a mask.</summary>
    public bool IsStochastic => _override is not null || training;

    /// <summary>The latest draw, or null before the first.</summary>
    public SiteDraw? LastDraw { get; private set; }

    /// <summary>The mask of the latest draw: a copy of the one that was given, as long as that lives, or what is drawn again. Null before the first draw.</summary>
    internal Tensor? LatestMask(Func<SiteDraw, Tensor> drawn) => LastDraw is not SiteDraw draw ? null
        : draw.Mask is not Tensor given ? drawn(draw)
        : given.IsInvalid ? null : given.clone();

    /// <summary>Takes the draw of one forward pass, and with it one step. A module calls it exactly once a pass.</summary>
    /// <returns>The draw; not stochastic in evaluation mode.</returns>
    public SiteDraw Draw()
    {
        SiteDraw draw = _override is Override given ? given.Draw(_dropRate)
            : training ? new SiteDraw { IsStochastic = true, DropRate = _dropRate, Stream = TakeStep() }
            : default;
        if (draw.IsStochastic)
        {
            LastDraw = draw;
        }

        return draw;
    }

    /// <summary>Makes the site draw from a stream of its own, whatever its mode, until the result is disposed.</summary>
    /// <param name="sampling">From where, and how rows share.</param>
    /// <returns>Disposing it brings back what was in force before. The position of training is not touched.</returns>
    /// <remarks>Monte-Carlo dropout (Gal and Ghahramani 2016): dropout draws, everything else stays in evaluation mode.</remarks>
    public IDisposable Sample(SiteSampling sampling)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sampling.FirstRow);
        return new Override(this, sampling, null);
    }

    /// <summary>Makes the site use a mask that is given, whatever its mode, until the result is disposed.</summary>
    /// <param name="mask">
    /// What the module's <c>CurrentMask</c> gives: a bool tensor, true where an element is kept, that broadcasts to the module's input (for Gaussian variants their
    /// factors). It must live as long as the result.
    /// </param>
    /// <returns>Disposing it brings back what was in force before. The position of training is not touched.</returns>
    public IDisposable Use(Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return new Override(this, default, mask);
    }

    /// <inheritdoc/>
    /// <remarks>The position stays where and what it is.</remarks>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        if (device is not null)
        {
            (_deviceType, _deviceIndex) = (device.type, device.index);
        }
    }

    private static string Loaded(string name)
    {
        LibtorchRuntime.EnsureLoaded();
        return name;
    }

    private static ulong DrawKey()
    {
        using Tensor halves = randint(1L << 32, [2], ScalarType.Int64, CPU);
        return (ulong)halves.ReadCpuInt64(0) << 32 | (ulong)halves.ReadCpuInt64(1);
    }

    private unsafe MaskStream TakeStep()
    {
        long* position = (long*)TensorMemory.Address(_position);
        long next = Interlocked.Increment(ref position[1]);
        MaskStream stream = new((ulong)position[0], (uint)(next - 1), (uint)position[2]);
        GC.KeepAlive(_position);
        return stream;
    }

    private sealed class Override : IDisposable
    {
        private readonly DropoutSite _site;
        private readonly SiteSampling _sampling;
        private readonly Tensor? _mask;
        private readonly Override? _before;
        private long _taken;

        public Override(DropoutSite site, SiteSampling sampling, Tensor? mask)
        {
            (_site, _sampling, _mask, _before) = (site, sampling, mask, site._override);
            site._override = this;
        }

        public SiteDraw Draw(DropRate dropRate) => new()
        {
            IsStochastic = true,
            DropRate = dropRate,
            Stream = _sampling.Stream with { Step = (uint)(_sampling.Stream.Step + Interlocked.Increment(ref _taken) - 1) },
            IsSharedByRows = _sampling.IsSharedByRows,
            FirstRow = _sampling.FirstRow,
            Mask = _mask,
        };

        public void Dispose()
        {
            if (_site._override == this)
            {
                _site._override = _before;
            }
        }
    }
}
