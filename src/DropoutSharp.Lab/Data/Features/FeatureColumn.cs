using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Data;

/// <summary>How one column becomes features; everything in it was learned from training rows.</summary>
/// <param name="Name">The column's name.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NumberFeature), "number")]
[JsonDerivedType(typeof(BooleanFeature), "boolean")]
[JsonDerivedType(typeof(CategoryFeature), "category")]
[JsonDerivedType(typeof(TimeFeature), "time")]
[JsonDerivedType(typeof(ImageFeature), "image")]
public abstract record FeatureColumn(string Name)
{
    /// <summary>What the features are called, in their order.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Writes the features of some rows.</summary>
    /// <param name="column">The column, of the kind that this feature was learned from.</param>
    /// <param name="rows">The rows, counted from 0.</param>
    /// <param name="destination">Row-major; its numbers are 0 before.</param>
    /// <param name="offset">Where the first row's first feature stands.</param>
    /// <param name="stride">How far apart two rows are.</param>
    internal abstract void Encode(DataColumn column, ReadOnlySpan<int> rows, Span<float> destination, int offset, int stride);

    /// <summary>What is wrong with the learned values, as they may have been read from a file; null where nothing is.</summary>
    internal abstract string? FindFault();
}
