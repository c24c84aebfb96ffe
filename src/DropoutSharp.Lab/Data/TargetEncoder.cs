using System.Globalization;
using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Data;

/// <summary>How the target column becomes the number that a network learns.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Task">What is learned.</param>
/// <param name="Classes">The classes in the order of their indices; empty for regression.</param>
/// <param name="Mean">What is subtracted from a number; 0 for classification.</param>
/// <param name="Scale">What a number is divided by; 1 for classification.</param>
public sealed record TargetEncoder(
    string Name,
    [property: JsonConverter(typeof(JsonStringEnumConverter<LearningTask>))] LearningTask Task,
    IReadOnlyList<string> Classes, double Mean, double Scale)
{
    /// <summary>Encodes the target of some rows.</summary>
    /// <param name="column">The target column; null where the data have none.</param>
    /// <param name="rows">The rows, counted from 0.</param>
    /// <returns>
    /// The class index, or the standardised number; NaN where there is no target, no value, or a class that training never saw.
    /// </returns>
    public float[] Encode(DataColumn? column, ReadOnlySpan<int> rows)
    {
        float[] targets = new float[rows.Length];
        if (column is null)
        {
            Array.Fill(targets, float.NaN);
            return targets;
        }

        Standardisation standard = new(Mean, Scale);
        Func<int, float> encode = Task == LearningTask.Classification ? ClassOf(column) : row => standard.Apply(Number(column, row));
        for (int i = 0; i < rows.Length; i++)
        {
            targets[i] = column.IsMissing(rows[i]) ? float.NaN : encode(rows[i]);
        }

        return targets;
    }

    internal string? FindFault() =>
        !Enum.IsDefined(Task) || !new Standardisation(Mean, Scale).IsValid ? "the target must have a task, a finite mean and a scale above 0"
        : Task == LearningTask.Regression ? (Classes.Count == 0 ? null : "a regression target must have no classes")
        : Classes.Count < 2 || Classes.Any(name => name is null) || Classes.Distinct(StringComparer.Ordinal).Count() != Classes.Count
            ? "the target must have two or more classes that differ"
            : null;

    private Func<int, float> ClassOf(DataColumn column)
    {
        Dictionary<string, float> byName = new(StringComparer.Ordinal);
        for (int i = 0; i < Classes.Count; i++)
        {
            byName.Add(Classes[i], i);
        }

        switch (column)
        {
            case TextColumn text:
                // A class that is a number may be written in another way, such as 1.0 for 1.
                float[] byCode = [.. text.Levels.Select(level =>
                    byName.TryGetValue(level, out float index) ? index
                    : double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                        ? byName.GetValueOrDefault(NumberColumn.Format(value), float.NaN)
                    : float.NaN)];
                return row => byCode[text.Codes[row]];

            case NumberColumn numbers:
                Dictionary<double, float> byNumber = [];
                return row =>
                {
                    double value = numbers.Values[row];
                    if (!byNumber.TryGetValue(value, out float index))
                    {
                        index = byName.GetValueOrDefault(NumberColumn.Format(value), float.NaN);
                        byNumber.Add(value, index);
                    }

                    return index;
                };

            default:
                return row => byName.GetValueOrDefault(column.Format(row), float.NaN);
        }
    }

    internal static double Number(DataColumn column, int row) => column switch
    {
        NumberColumn numbers => numbers.Values[row],
        BooleanColumn booleans => booleans.Values[row],
        _ => double.TryParse(column.Format(row), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN,
    };
}
