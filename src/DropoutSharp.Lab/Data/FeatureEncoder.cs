using System.Text.Json;
using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Data;

/// <summary>Turns raw rows into features; everything that it knows was learned from training rows only.</summary>
/// <remarks>
/// A level that training never saw takes the feature that rare levels share; where no level was rare, it is all zeros. A missing value in
/// a column that no training row missed takes the median, the more frequent truth value, or what a new level takes.
/// </remarks>
public sealed class FeatureEncoder
{
    /// <summary>The version of the format that <see cref="ToJson"/> writes.</summary>
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowOutOfOrderMetadataProperties = true,
        AllowDuplicateProperties = false,
        WriteIndented = true,
    };

    private readonly State _state;

    internal FeatureEncoder(
        IReadOnlyList<FeatureColumn> columns, TargetEncoder target, IReadOnlyList<string> keys, TimeFormats timeFormats)
        : this(new State(CurrentVersion, columns, target, keys, timeFormats))
    {
    }

    private FeatureEncoder(State state)
    {
        _state = state;
        FeatureNames = [.. state.Columns.SelectMany(column => column.FeatureNames)];
        Shape = state.Columns is [ImageFeature image] ? image.Shape : [FeatureNames.Count];
    }

    /// <summary>The columns that become features, in the order of their features.</summary>
    public IReadOnlyList<FeatureColumn> Columns => _state.Columns;

    /// <summary>How the target becomes a number.</summary>
    public TargetEncoder Target => _state.Target;

    /// <summary>Columns that were left out because they only tell rows apart; predictions carry them along.</summary>
    public IReadOnlyList<string> Keys => _state.Keys;

    /// <summary>How dates were written in the training file.</summary>
    public TimeFormats TimeFormats => _state.TimeFormats;

    /// <summary>What the features are called, in their order.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The shape of one row: <c>[features]</c> for a table, <c>[channels, height, width]</c> for images.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Learns how columns become features.</summary>
    /// <param name="dataset">The rows.</param>
    /// <param name="trainingRows">The rows that may be looked at, counted from 0.</param>
    /// <param name="target">The target, which becomes no feature.</param>
    /// <param name="options">Columns to leave out, and the limits for categories.</param>
    /// <param name="notes">Takes one sentence each about what was done: columns dropped, levels pooled, values imputed.</param>
    /// <exception cref="UserErrorException">No column is left to learn from.</exception>
    public static FeatureEncoder Fit(
        Dataset dataset, ReadOnlySpan<int> trainingRows, TargetEncoder target, DatasetOptions options, ICollection<string> notes) =>
        new FeatureFitting(dataset, trainingRows.ToArray(), options, notes).Fit(target);

    /// <summary>Encodes rows.</summary>
    /// <param name="dataset">Holds every column of <see cref="Columns"/>, each of the kind that was learned; the target may be absent.</param>
    /// <param name="rows">The rows, counted from 0.</param>
    /// <returns>The rows as numbers; targets that are absent are NaN.</returns>
    /// <exception cref="UserErrorException">A column is absent, of another kind, or there are more numbers than an array holds.</exception>
    public EncodedRows Encode(Dataset dataset, ReadOnlySpan<int> rows)
    {
        int width = FeatureNames.Count;
        if ((long)rows.Length * width > Array.MaxLength)
        {
            throw new UserErrorException(
                $"Rows times features must be at most {Array.MaxLength} in '{dataset.Name}'; received {rows.Length} rows of {width} features.");
        }

        float[] features = new float[rows.Length * width];
        int offset = 0;
        foreach (FeatureColumn feature in Columns)
        {
            feature.Encode(FindColumn(dataset, feature), rows, features, offset, width);
            offset += feature.FeatureNames.Count;
        }

        return new EncodedRows(features, Shape, Target.Encode(dataset.Find(Target.Name), rows), rows.ToArray());
    }

    /// <summary>Writes everything that was learned, so that <see cref="FromJson"/> gives the same encoder.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(_state, Json);

    /// <summary>Reads an encoder and checks it.</summary>
    /// <param name="json">What <see cref="ToJson"/> gave.</param>
    /// <exception cref="InvalidDataException">It is damaged, or of a newer version; the message is the end of a sentence.</exception>
    public static FeatureEncoder FromJson(JsonElement json)
    {
        try
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("version", out JsonElement version)
                || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number))
            {
                throw new InvalidDataException("the encoder must have a version");
            }

            if (number is < 1 or > CurrentVersion)
            {
                throw new InvalidDataException($"the encoder's version must be at most {CurrentVersion}; received {number}");
            }

            State state = json.Deserialize<State>(Json) ?? throw new InvalidDataException("the encoder must not be null");
            return state.FindFault() is { } fault ? throw new InvalidDataException(fault) : new FeatureEncoder(state);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException($"the encoder cannot be read: {exception.Message.Split('\n')[0].TrimEnd('.')}", exception);
        }
    }

    private static DataColumn FindColumn(Dataset dataset, FeatureColumn feature)
    {
        DataColumn column = dataset.Find(feature.Name)
            ?? throw new UserErrorException($"'{dataset.Name}' must have a column '{feature.Name}', which the model was trained on.");
        bool fits = (feature, column) switch
        {
            (NumberFeature, NumberColumn) or (BooleanFeature, BooleanColumn) or (CategoryFeature, TextColumn) or (TimeFeature, TimeColumn) => true,
            (ImageFeature image, ImageColumn images) => image.Shape.SequenceEqual(images.Shape),
            _ => false,
        };
        return fits
            ? column
            : throw new UserErrorException($"Column '{feature.Name}' of '{dataset.Name}' must hold {Expected(feature)}, as the model was trained on.");
    }

    private static string Expected(FeatureColumn feature) => feature switch
    {
        NumberFeature => "numbers",
        BooleanFeature => "true and false",
        CategoryFeature => "text",
        TimeFeature => "dates",
        ImageFeature image => $"images of {string.Join('×', image.Shape)}",
        _ => throw new InvalidOperationException(feature.GetType().Name),
    };

    private sealed record State(
        [property: JsonPropertyOrder(-1)] int Version, IReadOnlyList<FeatureColumn> Columns, TargetEncoder Target, IReadOnlyList<string> Keys,
        TimeFormats TimeFormats)
    {
        public string? FindFault()
        {
            if (Columns.Count == 0 || Columns.Any(column => column is null) || Keys.Any(key => key is null))
            {
                return "the encoder must have columns";
            }

            if (Columns.Select(column => column.Name).Distinct(StringComparer.Ordinal).Count() != Columns.Count)
            {
                return "the encoder's columns must have names that differ";
            }

            if (Columns.Count > 1 && Columns.Any(column => column is ImageFeature))
            {
                return "an image must be the only column";
            }

            return Columns.Select(column => column.FindFault()).FirstOrDefault(fault => fault is not null) ?? Target.FindFault();
        }
    }
}
