using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Data;

/// <summary>A number, standardised; a missing one is replaced by the median and marked by a feature of its own.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Mean">What is subtracted.</param>
/// <param name="Scale">What it is divided by: the standard deviation, or 1 where that is 0.</param>
/// <param name="Median">Stands in for a missing value.</param>
/// <param name="HasIndicator">Whether a second feature is 1 where the value is missing, because some training rows missed it.</param>
public sealed record NumberFeature(string Name, double Mean, double Scale, double Median, bool HasIndicator) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> FeatureNames => HasIndicator ? [Name, $"{Name} is missing"] : [Name];

    internal static NumberFeature Fit(NumberColumn column, ReadOnlySpan<int> rows)
    {
        double[] present = new double[rows.Length];
        int count = 0;
        foreach (int row in rows)
        {
            double value = column.Values[row];
            if (!double.IsNaN(value))
            {
                present[count++] = value;
            }
        }

        double[] sorted = present[..count];
        Array.Sort(sorted);
        double median = count % 2 == 1 ? sorted[count / 2] : sorted[count / 2 - 1] / 2 + sorted[count / 2] / 2;
        Standardisation standard = Standardisation.Fit(sorted);
        return new NumberFeature(column.Name, standard.Mean, standard.Scale, median, count < rows.Length);
    }

    internal override void Encode(DataColumn column, ReadOnlySpan<int> rows, Span<float> destination, int offset, int stride)
    {
        ReadOnlySpan<double> values = ((NumberColumn)column).Values;
        Standardisation standard = new(Mean, Scale);
        for (int i = 0; i < rows.Length; i++)
        {
            double value = values[rows[i]];
            bool missing = double.IsNaN(value);
            Span<float> features = destination[(offset + i * stride)..];
            features[0] = standard.Apply(missing ? Median : value);
            if (HasIndicator && missing)
            {
                features[1] = 1;
            }
        }
    }

    internal override string? FindFault() =>
        double.IsFinite(Median) && new Standardisation(Mean, Scale).IsValid
            ? null
            : $"column '{Name}' must have a finite mean and median and a scale above 0";
}
