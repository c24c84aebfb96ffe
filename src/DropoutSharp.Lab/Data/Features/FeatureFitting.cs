using System.Text.RegularExpressions;

namespace DropoutSharp.Lab.Data;

/// <summary>Decides which columns become features, and how.</summary>
internal sealed partial class FeatureFitting(Dataset dataset, int[] rows, DatasetOptions options, ICollection<string> notes)
{
    private readonly List<string> _keys = [];
    private readonly List<string> _dropped = [];

    public FeatureEncoder Fit(TargetEncoder target)
    {
        List<FeatureColumn> features = [];
        foreach (DataColumn column in dataset.Columns)
        {
            if (column.Name == target.Name || options.Ignore.Contains(column.Name))
            {
                continue;
            }

            if ((dataset.Images is null || column is ImageColumn ? FitColumn(column) : Drop(column, "rows are images")) is { } feature)
            {
                features.Add(feature);
            }
        }

        return features.Count > 0
            ? new FeatureEncoder(features, target, _keys, dataset.TimeFormats)
            : throw new UserErrorException($"'{dataset.Name}' must have a column to learn from beside '{target.Name}'; "
                + (_dropped.Count > 0 ? "none is left: " + string.Join(' ', _dropped) : "it has none."));
    }

    private FeatureColumn? FitColumn(DataColumn column)
    {
        int missing = 0;
        foreach (int row in rows)
        {
            missing += column.IsMissing(row) ? 1 : 0;
        }

        if (missing == rows.Length)
        {
            return Drop(column, "no training row has a value in it");
        }

        return column switch
        {
            NumberColumn numbers => FitNumber(numbers, missing),
            BooleanColumn booleans => FitBoolean(booleans, missing),
            TextColumn text => FitText(text, missing),
            TimeColumn times => FitTime(times, missing),
            ImageColumn images => ImageFeature.Fit(images, rows),
            _ => throw new InvalidOperationException(column.GetType().Name),
        };
    }

    private NumberFeature? FitNumber(NumberColumn column, int missing)
    {
        HashSet<double> different = [];
        bool whole = true, counts = true;
        double first = column.Values[rows[0]] - rows[0];
        foreach (int row in rows)
        {
            double value = column.Values[row];
            if (!double.IsNaN(value))
            {
                different.Add(value);
                whole &= value == Math.Floor(value);
            }

            counts &= value - row == first;
        }

        if (different.Count == 1 && missing == 0)
        {
            return Drop(column, "it holds the same value in every training row") as NumberFeature;
        }

        bool isKey = (counts && first is 0 or 1) || IsKeyName(column.Name);
        if (isKey && missing == 0 && whole && different.Count == rows.Length && rows.Length > 2)
        {
            _keys.Add(column.Name);
            return Drop(column, "it only numbers the rows") as NumberFeature;
        }

        NumberFeature feature = NumberFeature.Fit(column, rows);
        NoteMissing(column, missing, $"the median, {NumberColumn.Format(feature.Median)}");
        return feature;
    }

    private BooleanFeature? FitBoolean(BooleanColumn column, int missing)
    {
        BooleanFeature feature = BooleanFeature.Fit(column, rows);
        bool same = true;
        foreach (int row in rows)
        {
            same &= column.Values[row] == column.Values[rows[0]];
        }

        if (same)
        {
            return Drop(column, "it holds the same value in every training row") as BooleanFeature;
        }

        NoteMissing(column, missing, $"the more frequent value, {(feature.MostFrequent ? "true" : "false")}");
        return feature;
    }

    private CategoryFeature? FitText(TextColumn column, int missing)
    {
        bool[] seen = new bool[column.Levels.Count];
        foreach (int row in rows)
        {
            if (!column.IsMissing(row))
            {
                seen[column.Codes[row]] = true;
            }
        }

        int present = rows.Length - missing, levels = seen.Count(level => level);
        if (levels == 1 && missing == 0)
        {
            return Drop(column, "it holds the same value in every training row") as CategoryFeature;
        }

        if (levels == present && present > 2)
        {
            if (missing == 0)
            {
                _keys.Add(column.Name);
            }

            return Drop(column, "its values are all different") as CategoryFeature;
        }

        (CategoryFeature feature, int pooledLevels, int pooledRows) = CategoryFeature.Fit(column, rows, options);
        if (levels > options.MaximumLevels && pooledRows * 2L > present)
        {
            return Drop(
                column,
                $"its {levels} different texts are too many, and their {options.MaximumLevels} most frequent cover less than half of the rows")
                as CategoryFeature;
        }

        if (feature.Levels.Count == 0 && !feature.HasMissing)
        {
            return Drop(column, $"none of its {levels} levels is in {options.MinimumLevelRows} training rows") as CategoryFeature;
        }

        if (pooledLevels > 0)
        {
            notes.Add($"Column '{column.Name}': {Count(pooledLevels, "rare level")} of {levels} in {Count(pooledRows, "training row")} share one feature.");
        }

        NoteMissing(column, missing, null);
        return feature;
    }

    private TimeFeature? FitTime(TimeColumn column, int missing)
    {
        TimeFeature feature = TimeFeature.Fit(column, rows);
        if (feature.FeatureNames.Count == 0)
        {
            return Drop(column, "it holds the same date in every training row") as TimeFeature;
        }

        NoteMissing(column, missing, null);
        return feature;
    }

    private FeatureColumn? Drop(DataColumn column, string why)
    {
        _dropped.Add($"Column '{column.Name}' was left out: {why}.");
        notes.Add(_dropped[^1]);
        return null;
    }

    private void NoteMissing(DataColumn column, int missing, string? substitute)
    {
        if (missing > 0)
        {
            string done = substitute is null ? "has a feature of its own" : $"was replaced by {substitute}, and marked by a feature";
            notes.Add($"Column '{column.Name}': a missing value, in {Count(missing, "training row")}, {done}.");
        }
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static bool IsKeyName(string name) => KeyName().IsMatch(name) || KeyEnd().IsMatch(name);

    // An id by its own name, or by a last word: "customer_id", "Customer ID".
    [GeneratedRegex(@"^(id|key|index|uuid|guid|row|row[ _]?id|row[ _]?number|unnamed: 0)$|[ _\-.](id|key)$", RegexOptions.IgnoreCase)]
    private static partial Regex KeyName();

    // "customerId", but not "paid".
    [GeneratedRegex("[a-z]I[Dd]$")]
    private static partial Regex KeyEnd();
}
