using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Data;

/// <summary>A category: one feature a level, 1 where the row has that level.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Levels">The levels with a feature of their own, the most frequent first.</param>
/// <param name="HasOther">Whether rare levels share a feature, which a level that was never seen takes too; without it such a level is all zeros.</param>
/// <param name="HasMissing">Whether a missing value has a feature, because some training rows missed it; without it it counts as a level that was never seen.</param>
public sealed record CategoryFeature(string Name, IReadOnlyList<string> Levels, bool HasOther, bool HasMissing) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> FeatureNames =>
    [
        .. Levels.Select(level => $"{Name} = {level}"),
        .. HasOther ? [$"{Name} is another"] : Array.Empty<string>(),
        .. HasMissing ? [$"{Name} is missing"] : Array.Empty<string>(),
    ];

    /// <summary>Learns which levels are frequent enough.</summary>
    /// <param name="column">The column.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="options">The limits.</param>
    /// <returns>The feature, and how many levels were pooled and in how many rows.</returns>
    internal static (CategoryFeature Feature, int PooledLevels, int PooledRows) Fit(
        TextColumn column, ReadOnlySpan<int> rows, DatasetOptions options)
    {
        int[] counts = new int[column.Levels.Count];
        int missing = 0;
        foreach (int row in rows)
        {
            int code = column.Codes[row];
            if (code == TextColumn.Missing)
            {
                missing++;
            }
            else
            {
                counts[code]++;
            }
        }

        int[] seen = [.. Enumerable.Range(0, counts.Length)
            .Where(code => counts[code] > 0)
            .OrderByDescending(code => counts[code])
            .ThenBy(code => column.Levels[code], StringComparer.Ordinal)];
        int kept = seen.Count(code => counts[code] >= options.MinimumLevelRows);
        kept = Math.Min(kept, options.MaximumLevels);

        // A pool of one level says no more than that level's own feature, but it also takes levels that were never seen.
        int pooledRows = seen.Skip(kept).Sum(code => counts[code]);
        CategoryFeature feature = new(
            column.Name, [.. seen.Take(kept).Select(code => column.Levels[code])], kept < seen.Length, missing > 0);
        return (feature, seen.Length - kept, pooledRows);
    }

    internal override void Encode(DataColumn column, ReadOnlySpan<int> rows, Span<float> destination, int offset, int stride)
    {
        TextColumn text = (TextColumn)column;
        Dictionary<string, int> own = new(StringComparer.Ordinal);
        for (int i = 0; i < Levels.Count; i++)
        {
            own.Add(Levels[i], i);
        }

        int other = HasOther ? Levels.Count : -1;
        int missing = HasMissing ? Levels.Count + (HasOther ? 1 : 0) : other;
        int[] places = [.. text.Levels.Select(level => own.GetValueOrDefault(level, other))];
        for (int i = 0; i < rows.Length; i++)
        {
            int code = text.Codes[rows[i]];
            int place = code == TextColumn.Missing ? missing : places[code];
            if (place >= 0)
            {
                destination[offset + i * stride + place] = 1;
            }
        }
    }

    internal override string? FindFault() =>
        Levels is null || Levels.Any(level => level is null) || Levels.Distinct(StringComparer.Ordinal).Count() != Levels.Count
            ? $"column '{Name}' must have levels that differ"
            : FeatureNames.Count == 0 ? $"column '{Name}' must have a level" : null;
}
