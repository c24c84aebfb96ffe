using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Data;

/// <summary>An image, its pixels scaled to [0, 1].</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Shape">Channels, height, width.</param>
/// <param name="Minimum">The pixel that becomes 0: 0, or the smallest of the training rows where that is negative.</param>
/// <param name="Maximum">The pixel that becomes 1: 255 for bytes, otherwise the largest of the training rows.</param>
public sealed record ImageFeature(string Name, IReadOnlyList<int> Shape, double Minimum, double Maximum) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> FeatureNames =>
    [
        .. from channel in Enumerable.Range(0, Shape[0])
           from row in Enumerable.Range(0, Shape[1])
           from column in Enumerable.Range(0, Shape[2])
           select Shape[0] == 1 ? $"pixel_{row}_{column}" : $"pixel_{channel}_{row}_{column}",
    ];

    /// <summary>Scales pixels in place.</summary>
    /// <param name="pixels">Pixels as they were read.</param>
    public void Scale(Span<float> pixels)
    {
        double factor = 1 / (Maximum - Minimum);
        foreach (ref float pixel in pixels)
        {
            pixel = (float)((pixel - Minimum) * factor);
        }
    }

    internal static ImageFeature Fit(ImageColumn column, ReadOnlySpan<int> rows)
    {
        (float minimum, float maximum) = column.Range(rows);
        return new ImageFeature(column.Name, column.Shape, minimum, maximum > minimum ? maximum : minimum + 1);
    }

    internal override void Encode(DataColumn column, ReadOnlySpan<int> rows, Span<float> destination, int offset, int stride)
    {
        ImageColumn images = (ImageColumn)column;
        for (int i = 0; i < rows.Length; i++)
        {
            Span<float> pixels = destination.Slice(offset + i * stride, images.PixelsPerImage);
            images.CopyTo(rows[i], pixels);
            Scale(pixels);
        }
    }

    internal override string? FindFault() =>
        Shape is not [> 0 and <= 1 << 14, > 0 and <= 1 << 14, > 0 and <= 1 << 14] || (long)Shape[0] * Shape[1] * Shape[2] > 1 << 28
            ? $"column '{Name}' must have images of channels, height and width"
            : double.IsFinite(Minimum) && double.IsFinite(Maximum) && Maximum > Minimum
                ? null
                : $"column '{Name}' must have a finite range of pixels";
}
