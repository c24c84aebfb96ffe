namespace DropoutSharp.Lab.Data;

/// <summary>A file of images and the file of their labels.</summary>
/// <param name="Images">The path of the images.</param>
/// <param name="Labels">The path of the labels; null where there are none.</param>
internal sealed record IdxPart(string Images, string? Labels);
