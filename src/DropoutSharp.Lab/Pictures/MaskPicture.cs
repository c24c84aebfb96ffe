namespace DropoutSharp.Lab.Pictures;

/// <summary>A mask of a variant, drawn with characters.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Axes">What the picture's rows, columns and panels are.</param>
/// <param name="Lines">The picture: <see cref="MaskPictures.Kept"/> where something is kept, <see cref="MaskPictures.Dropped"/> where it is dropped.</param>
public sealed record MaskPicture(string Variant, string Axes, IReadOnlyList<string> Lines);
