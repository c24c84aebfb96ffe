namespace DropoutSharp.Lab.Data;

/// <summary>A row as a person can look at it.</summary>
/// <param name="Pixels">An image's values in [0, 1], row-major by channel; null for a table.</param>
/// <param name="PixelShape">An image's channels, height and width; null for a table.</param>
/// <param name="Fields">A table row's columns and values as text; null for images.</param>
public sealed record RowDescription(
    float[]? Pixels, IReadOnlyList<int>? PixelShape, IReadOnlyList<KeyValuePair<string, string>>? Fields);
