namespace DropoutSharp;

/// <summary>A drop rate of one's own making: each entry holds from its step until the next entry's.</summary>
public sealed record RateTable : RateSchedule
{
    private readonly (long Step, DropRate Rate)[] _entries;

    /// <summary>A table of rates.</summary>
    /// <param name="entries">First step and rate of each stretch; the first begins at step 0, steps strictly increase.</param>
    /// <exception cref="ArgumentException">There is no entry, the first is not at step 0, or the steps do not increase.</exception>
    public RateTable(params ReadOnlySpan<(long Step, DropRate Rate)> entries)
    {
        _entries = entries.ToArray();
        if (_entries.Length == 0 || _entries[0].Step != 0)
        {
            string received = _entries.Length == 0 ? "no entry" : Text(_entries[0].Step);
            throw new ArgumentException($"Rate table must begin at step 0; received {received}.", nameof(entries));
        }

        for (int i = 1; i < _entries.Length; i++)
        {
            if (_entries[i].Step <= _entries[i - 1].Step)
            {
                throw new ArgumentException(
                    $"Steps of a rate table must increase; received {_entries[i].Step} after {_entries[i - 1].Step}.", nameof(entries));
            }
        }
    }

    /// <summary>First step and rate of each stretch.</summary>
    public IReadOnlyList<(long Step, DropRate Rate)> Entries => _entries;

    /// <inheritdoc/>
    public bool Equals(RateTable? other) => other is not null && _entries.AsSpan().SequenceEqual(other._entries);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach ((long step, DropRate rate) in _entries)
        {
            hash.Add(step);
            hash.Add(rate);
        }

        return hash.ToHashCode();
    }

    private protected override string Name => "table";

    private protected override IEnumerable<string> Arguments => _entries.Select(static entry => $"{Text(entry.Step)}:{Text(entry.Rate)}");

    private protected override DropRate RateAt(long step)
    {
        int low = 0, high = _entries.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _entries[middle].Step <= step ? (middle, high) : (low, middle - 1);
        }

        return _entries[low].Rate;
    }
}
