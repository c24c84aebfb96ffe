using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>
/// One pass through a model over a first batch of rows, with the units that masks keep and without the others, and the steps that do the same for other batches.
/// </summary>
/// <remarks>
/// Between two parts there are the kept units' values, up to <c>scale·x + offset</c>, and a number for every unit that is dropped: 0 behind dropout, SELU's saturation value behind alpha
/// dropout, and what activations and normalisation make of them.
/// </remarks>
internal sealed class UnitTrace(Tensor data, bool isShared, PassFrame frame)
{
    private readonly List<UnitOperation> _operations = [];
    private long _units;
    private double _scale = 1;
    private double _offset;
    private double[]? _constants;
    private bool _isOpen;
    private bool _isUnselected;
    private bool _isOurs;

    /// <summary>The pass, and the rows.</summary>
    public PassFrame Frame => frame;

    /// <summary>The values of the units that are kept, or of all where <see cref="IsUnselected"/>.</summary>
    public Tensor Data { get; private set; } = data;

    /// <summary>Whether all passes have these values.</summary>
    public bool IsShared { get; private set; } = isShared;

    /// <summary>Which units are kept, ascending; null for all.</summary>
    public int[]? Kept { get; private set; }

    /// <summary>How probably the mask that was drawn last kept a unit.</summary>
    public double KeepProbability { get; private set; } = 1;

    /// <summary>Which dimension holds the units, where not all are kept.</summary>
    public int Dimension { get; private set; }

    /// <summary>What is to be done to <see cref="Data"/>: multiply, then add.</summary>
    public (double Scale, double Offset) Pending => (_scale, _offset);

    /// <summary>What the dropped units say, a number for each unit; null where they are all 0.</summary>
    public double[]? Constants => _constants;

    /// <summary>Whether units were left out that only a mask to come will drop, so that they say nothing yet.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Whether <see cref="Data"/> holds the dropped units too, and is the same in all passes: a mask was drawn behind what all passes share, and nothing was taken out yet.</summary>
    public bool IsUnselected => _isUnselected;

    /// <summary>How many numbers the steps gave, without those that are the same in all passes.</summary>
    public long Elements { get; private set; }

    /// <summary>How many they would have given with all units.</summary>
    public long FullElements { get; private set; }

    /// <summary>The most bytes that a value would have had with all units.</summary>
    public long LargestFullBytes { get; private set; }

    /// <summary>The steps.</summary>
    public IReadOnlyList<UnitOperation> Operations => _operations;

    /// <summary>The shape with all units.</summary>
    public long[] Shape
    {
        get
        {
            long[] shape = TensorMemory.Shape(Data);
            if (Kept is not null)
            {
                shape[Dimension] = _units;
            }

            return shape;
        }
    }

    /// <summary>Notes a step and does it with the kept units.</summary>
    public void Apply(UnitOperation operation)
    {
        Select();
        Do(operation);
    }

    /// <summary>Notes a step that takes the kept units out itself, and does it.</summary>
    public void ApplyUnselected(UnitOperation operation)
    {
        _isUnselected = false;
        long full = Data.numel();
        (Elements, FullElements) = (Elements + (full - (full / Math.Max(1, _units) * Kept!.Length)), FullElements + full); // a mask was drawn
        Do(operation);
    }

    /// <summary>Takes the kept units out, if that is still to be done.</summary>
    public void Select()
    {
        if (_isUnselected)
        {
            _isUnselected = false;
            Do(new SelectOperation(Dimension, Kept!)); // a mask was drawn
        }
    }

    private void Do(UnitOperation operation)
    {
        Tensor before = Data;
        Data = operation.Run(before, frame);
        if (_isOurs)
        {
            before.Dispose();
        }

        _isOurs = true;
        long full = Shape.Aggregate(1L, static (product, size) => product * size);
        LargestFullBytes = Math.Max(LargestFullBytes, full * Data.ElementSize);
        if (operation is not OnceOperation)
        {
            Elements += Data.numel();
            FullElements += full;
        }

        _operations.Add(operation);
        IsShared = false;
    }

    /// <summary>Says that other passes may have other values from here on.</summary>
    public void Diverge() => IsShared = false;

    /// <summary>Runs a part that wants all units.</summary>
    public void Run(PassNode node)
    {
        ToFull();
        Apply(new NodeOperation(node, IsShared));
    }

    /// <summary>Runs parts that give the same in all passes.</summary>
    public void RunOnce(IReadOnlyList<PassNode> nodes, Func<Tensor, PassFrame, Tensor> run)
    {
        Apply(new OnceOperation(nodes, run));
        IsShared = true;
    }

    /// <summary>Drops units.</summary>
    /// <param name="kept">Those that stay.</param>
    /// <param name="dimension">Which dimension holds them.</param>
    /// <param name="law">What becomes of those that stay and those that go.</param>
    /// <param name="keepProbability">How probably each stays.</param>
    public void Drop(int[] kept, int dimension, MaskLaw law, double keepProbability)
    {
        long units = Shape[dimension];
        double[]? constants = Constant(kept, units, law);
        if (Kept is null)
        {
            (bool isShared, Kept, Dimension, _units) = (IsShared, kept, dimension, units);
            (_isUnselected, IsShared) = (true, false);
            if (!isShared)
            {
                Select();
            }
        }
        else if (!Kept.AsSpan().SequenceEqual(kept))
        {
            HashSet<int> stays = [.. kept];
            Apply(new SelectOperation(dimension, [.. Enumerable.Range(0, Kept.Length).Where(place => stays.Contains(Kept[place]))]));
            Kept = [.. Kept.Where(stays.Contains)];
        }

        (Dimension, KeepProbability, _units, _constants, _isOpen) = (dimension, keepProbability, units, constants, false);
        (_scale, _offset) = (law.Scale * _scale, (law.Scale * _offset) + law.Offset);
    }

    /// <summary>Says which units the data are now, after a step that gives others.</summary>
    /// <param name="kept">Those that were computed; null for all.</param>
    /// <param name="dimension">Which dimension holds them.</param>
    /// <param name="units">How many there are with those that were not.</param>
    public void Became(int[]? kept, int dimension, long units)
    {
        (Kept, Dimension, _units, _constants, _scale, _offset) = (kept, dimension, units, null, 1, 0);
        _isOpen = kept is not null;
    }

    /// <summary>Says that each unit has become several, side by side.</summary>
    public void Spread(long each)
    {
        if (Kept is not null)
        {
            Kept = [.. Kept.SelectMany(unit => Enumerable.Range(checked(unit * (int)each), (int)each))];
            _constants = _constants?.SelectMany(value => Enumerable.Repeat(value, (int)each)).ToArray();
            _units *= each;
        }
    }

    /// <summary>Says what the dropped units have become.</summary>
    public void SetConstants(double[] constants) => _constants = Array.TrueForAll(constants, static value => value == 0) ? null : constants;

    /// <summary>Multiplies and adds what is still to be.</summary>
    public void Settle()
    {
        if (_scale != 1 || _offset != 0)
        {
            bool shared = IsShared;
            Apply(new ScaleOperation(_scale, _offset));
            (_scale, _offset) = (1, 0);
            IsShared = shared;
        }
    }

    /// <summary>Brings all units back, the dropped ones with what they say.</summary>
    public void ToFull()
    {
        Settle();
        if (Kept is not null)
        {
            Apply(new ScatterOperation(Dimension, _units, Kept, _constants));
            (Kept, _constants) = (null, null);
        }
    }

    /// <summary>Runs a residual block.</summary>
    public void Sum(PassNode branch, PassNode? shortcut, double scale)
    {
        ToFull();
        UnitTrace ofBranch = Through(branch), ofShortcut = Through(shortcut);
        Tensor sum = new PassValue(ofShortcut.Data, false).Plus(new(ofBranch.Data, false), scale, frame).Data, input = Data;
        ofShortcut.Release();
        ofBranch.Release();
        if (_isOurs)
        {
            input.Dispose();
        }

        (Data, _isOurs) = (sum, true);
        Elements += ofBranch.Elements + ofShortcut.Elements + Data.numel();
        FullElements += ofBranch.FullElements + ofShortcut.FullElements + Data.numel();
        LargestFullBytes = Math.Max(LargestFullBytes, Math.Max(ofBranch.LargestFullBytes, ofShortcut.LargestFullBytes));
        _operations.Add(new SumOperation(ofBranch._operations, ofShortcut._operations, scale));
        IsShared = false;
    }

    private void Release()
    {
        if (_isOurs)
        {
            Data.Dispose();
        }
    }

    private UnitTrace Through(PassNode? node)
    {
        UnitTrace trace = new(Data, IsShared, frame);
        node?.Trace(trace, static (_, _) => null);
        trace.ToFull();
        return trace;
    }

    private double[]? Constant(int[] kept, long units, MaskLaw law)
    {
        if (law is { Offset: 0, Dropped: 0 } && (_constants is null || _isOpen))
        {
            return null;
        }

        double[] constants = new double[units];
        Array.Fill(constants, law.Dropped);
        foreach (int unit in kept)
        {
            constants[unit] = (law.Scale * (_constants?[unit] ?? 0)) + law.Offset;
        }

        return constants;
    }
}
