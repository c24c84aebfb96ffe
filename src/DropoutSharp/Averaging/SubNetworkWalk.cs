using System.Numerics;

namespace DropoutSharp.Averaging;

/// <summary>One thread's walk through the masks of a network, for one input.</summary>
internal sealed class SubNetworkWalk
{
    private const int BlockBits = 8;
    private const int BlockMask = (1 << BlockBits) - 1;

    private readonly DenseNetwork _network;
    private readonly EnsembleAverage _average;
    private readonly Level[] _levels;
    private readonly int _firstLevel;

    public SubNetworkWalk(DenseNetwork network, double[] input)
    {
        _network = network;
        _average = new EnsembleAverage(network.Output, network.Outputs);
        _levels = [.. network.Layers.Select(layer => new Level(layer))];
        input.CopyTo(_levels[0].Units, 0);
        _levels[0].Prepare();

        // What lies before the first unit that can differ is the same in every sub-network.
        while (_levels[_firstLevel].Count == 0 && _firstLevel < _levels.Length - 1)
        {
            _levels[_firstLevel].Restart(0);
            Enter(++_firstLevel);
        }
    }

    /// <summary>How many units of the first layer that has any must be tried both ways.</summary>
    public int UnitsToEnumerate => _levels[_firstLevel].Count;

    /// <summary>Averages one of several equal parts of the masks.</summary>
    public EnsembleAverage Run(int part, int parts)
    {
        long size = (1L << UnitsToEnumerate) / parts;
        Walk(_firstLevel, part * size, (part + 1) * size, 1);
        return _average;
    }

    private void Walk(int index, long first, long end, double weight)
    {
        Level level = _levels[index];
        for (long k = first; k < end; k++)
        {
            long gray = k ^ (k >> 1);
            if (k == first || (k & BlockMask) == 0)
            {
                level.Restart(gray);
            }
            else
            {
                level.Flip(BitOperations.TrailingZeroCount(k), gray);
            }

            double maskWeight = weight * level.Weight(gray);
            if (index == _levels.Length - 1)
            {
                _average.Add(level.Logits, maskWeight);
            }
            else
            {
                Enter(index + 1);
                Walk(index + 1, 0, 1L << _levels[index + 1].Count, maskWeight);
            }
        }
    }

    private void Enter(int index)
    {
        _network.Activate(_levels[index - 1].Logits, _levels[index].Units);
        _levels[index].Prepare();
    }

    /// <summary>One layer's inputs, which of them must be tried both ways, and its logits under the mask that the walk is at.</summary>
    private sealed class Level(DenseLayer layer)
    {
        private readonly double[] _always = new double[layer.Outputs];
        private readonly int[] _droppable = new int[layer.Inputs];
        private readonly double[] _lowWeights = new double[1 << BlockBits];
        private double _highWeight;
        private bool _finite;

        public double[] Units { get; } = new double[layer.Inputs];

        public double[] Logits { get; } = new double[layer.Outputs];

        public int Count { get; private set; }

        public void Prepare()
        {
            (Count, _finite) = (0, true);
            layer.Biases.CopyTo(_always);
            for (int unit = 0; unit < Units.Length; unit++)
            {
                DropRate rate = layer.DropRates[unit];
                if (rate.KeepsAll)
                {
                    Add(_always, unit, Units[unit]);
                }
                else if (!rate.DropsAll && Units[unit] != 0)
                {
                    _droppable[Count++] = unit;
                    _finite &= double.IsFinite(Units[unit]);
                }
            }

            int low = Math.Min(Count, BlockBits);
            for (int mask = 0; mask < 1 << low; mask++)
            {
                _lowWeights[mask] = Product(0, low, mask);
            }
        }

        public void Restart(long gray)
        {
            _always.CopyTo(Logits, 0);
            for (int bit = 0; bit < Count; bit++)
            {
                if ((gray >> bit & 1) != 0)
                {
                    AddDroppable(bit, 1);
                }
            }

            _highWeight = Product(BlockBits, Count, gray);
        }

        public void Flip(int bit, long gray)
        {
            if (_finite)
            {
                AddDroppable(bit, (gray >> bit & 1) != 0 ? 1 : -1);
            }
            else
            {
                Restart(gray); // what is dropped must not linger as NaN, as it would if it were subtracted
            }
        }

        public double Weight(long gray) => _lowWeights[gray & BlockMask] * _highWeight;

        private void AddDroppable(int bit, double sign)
        {
            int unit = _droppable[bit];
            Add(Logits, unit, sign * Units[unit] * layer.DropRates[unit].InvertedScale);
        }

        private void Add(double[] logits, int unit, double value)
        {
            ReadOnlySpan<double> column = layer.Column(unit);
            for (int output = 0; output < column.Length; output++)
            {
                logits[output] += column[output] * value;
            }
        }

        private double Product(int from, int to, long gray)
        {
            double product = 1;
            for (int bit = from; bit < to; bit++)
            {
                DropRate rate = layer.DropRates[_droppable[bit]];
                product *= (gray >> bit & 1) != 0 ? rate.KeepProbability : rate.Value;
            }

            return product;
        }
    }
}
