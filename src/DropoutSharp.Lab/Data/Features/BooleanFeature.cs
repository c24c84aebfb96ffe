using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Data;

/// <summary>True as 1 and false as 0; a missing one is replaced by the more frequent and marked by a feature of its own.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="MostFrequent">Stands in for a missing value.</param>
/// <param name="HasIndicator">Whether a second feature is 1 where the value is missing, because some training rows missed it.</param>
public sealed record BooleanFeature(string Name, bool MostFrequent, bool HasIndicator) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> FeatureNames => HasIndicator ? [Name, $"{Name} is missing"] : [Name];

    internal static BooleanFeature Fit(BooleanColumn column, ReadOnlySpan<int> rows)
    {
        int trues = 0, missing = 0;
        foreach (int row in rows)
        {
            trues += column.Values[row] == 1 ? 1 : 0;
            missing += column.IsMissing(row) ? 1 : 0;
        }

        return new BooleanFeature(column.Name, trues > (rows.Length - missing) / 2, missing > 0);
    }

    internal override void Encode(DataColumn column, ReadOnlySpan<int> rows, Span<float> destination, int offset, int stride)
    {
        ReadOnlySpan<sbyte> values = ((BooleanColumn)column).Values;
        for (int i = 0; i < rows.Length; i++)
        {
            sbyte value = values[rows[i]];
            bool missing = value == BooleanColumn.Missing;
            Span<float> features = destination[(offset + i * stride)..];
            features[0] = (missing ? MostFrequent : value == 1) ? 1 : 0;
            if (HasIndicator && missing)
            {
                features[1] = 1;
            }
        }
    }

    internal override string? FindFault() => null;
}
