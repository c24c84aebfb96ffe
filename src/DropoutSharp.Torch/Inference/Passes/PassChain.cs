using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Parts one after the other.</summary>
internal sealed class PassChain : PassNode
{
    private readonly PassNode[] _parts;

    /// <summary>Parts one after the other; chains among them are taken apart.</summary>
    public PassChain(string path, IEnumerable<PassNode> parts)
        : base(path)
    {
        _parts = [.. parts.SelectMany(static part => part is PassChain chain ? chain._parts : [part])];
        IsStochastic = _parts.Any(static part => part.IsStochastic);
    }

    public override bool IsStochastic { get; }

    public override bool IsRowwise => _parts.All(static part => part.IsRowwise);

    public override IEnumerable<PassNode> Parts => _parts;

    public override PassValue Run(PassValue input, PassFrame frame)
    {
        PassValue value = input;
        int next = 0;
        while (next < _parts.Length)
        {
            PassValue before = value;
            bool isOurs = next > 0 && !before.IsShared;
            if (value.IsShared && !_parts[next].IsStochastic)
            {
                int first = next, end = DrawsAt(next);
                value = new(RunOnce(value.Data, first, end, frame), true);
                next = end;
            }
            else
            {
                value = _parts[next++].Run(value, frame);
            }

            if (isOurs && !ReferenceEquals(before.Data, value.Data))
            {
                before.Data.Dispose();
            }
        }

        return value;
    }

    public override void Trace(UnitTrace trace, Func<long[], int, int[]?> wanted)
    {
        int next = 0;
        while (next < _parts.Length)
        {
            if (trace.IsShared && !_parts[next].IsStochastic)
            {
                int first = next, end = DrawsAt(next);
                trace.RunOnce(_parts[first..end], (input, frame) => RunOnce(input, first, end, frame));
                next = end;
                continue;
            }

            int current = next++;
            _parts[current].Trace(trace, (shape, dimension) => Wanted(current + 1, shape, dimension, trace.Frame, wanted));
        }
    }

    private Tensor RunOnce(Tensor input, int first, int end, PassFrame frame) => frame.Once(this, first, () =>
    {
        PassValue value = new(input, true);
        for (int part = first; part < end; part++)
        {
            PassValue before = value;
            value = _parts[part].Run(value, frame);
            if (part > first && !ReferenceEquals(before.Data, value.Data))
            {
                before.Data.Dispose();
            }
        }

        return ReferenceEquals(value.Data, input) ? input.alias() : value.Data;
    });

    private int DrawsAt(int from)
    {
        int part = Array.FindIndex(_parts, from, static part => part.IsStochastic);
        return part < 0 ? _parts.Length : part;
    }

    /// <summary>Which units the next mask keeps, where every part before it takes units one by one.</summary>
    private int[]? Wanted(int from, long[] shape, int dimension, PassFrame frame, Func<long[], int, int[]?> beyond)
    {
        for (int part = from; part < _parts.Length; part++)
        {
            switch (_parts[part])
            {
                case PassDrop drop:
                    return drop.KeptUnits(shape, dimension, frame) is { Length: > 0 } kept ? kept : null;
                case PassLeaf { Units.KeepsUnits: true } leaf when leaf.Units.Takes(shape, dimension):
                    break;
                default:
                    return null;
            }
        }

        return beyond(shape, dimension);
    }
}
