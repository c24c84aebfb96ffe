namespace DropoutSharp.Lab.Data;

/// <summary>A column of images of one size.</summary>
public sealed class ImageColumn : DataColumn
{
    private readonly byte[]? _bytes;
    private readonly float[]? _numbers;

    /// <summary>Images of whole numbers from 0 to 255.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="shape">Channels, height, width.</param>
    /// <param name="pixels">Image after image, each row-major by channel.</param>
    public ImageColumn(string name, IReadOnlyList<int> shape, byte[] pixels)
        : this(name, shape, pixels.LongLength) => _bytes = pixels;

    /// <summary>Images of finite numbers.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="shape">Channels, height, width.</param>
    /// <param name="pixels">Image after image, each row-major by channel.</param>
    public ImageColumn(string name, IReadOnlyList<int> shape, float[] pixels)
        : this(name, shape, pixels.LongLength) => _numbers = pixels;

    private ImageColumn(string name, IReadOnlyList<int> shape, long length)
        : base(name)
    {
        Shape = shape;
        PixelsPerImage = shape[0] * shape[1] * shape[2];
        Count = (int)(length / PixelsPerImage);
    }

    /// <summary>Channels, height, width.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The product of the shape.</summary>
    public int PixelsPerImage { get; }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>Whether the pixels are bytes, so that their range is 0 to 255 whatever is in them.</summary>
    public bool IsBytes => _bytes is not null;

    /// <summary>The same images under another name.</summary>
    /// <param name="name">The column's name.</param>
    internal ImageColumn Named(string name) => _bytes is not null ? new(name, Shape, _bytes) : new(name, Shape, _numbers!);

    /// <summary>Copies an image's pixels as they were read.</summary>
    /// <param name="row">The row, counted from 0.</param>
    /// <param name="destination">Takes <see cref="PixelsPerImage"/> numbers.</param>
    public void CopyTo(int row, Span<float> destination)
    {
        int start = row * PixelsPerImage;
        if (_numbers is not null)
        {
            _numbers.AsSpan(start, PixelsPerImage).CopyTo(destination);
            return;
        }

        ReadOnlySpan<byte> source = _bytes.AsSpan(start, PixelsPerImage);
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = source[i];
        }
    }

    /// <summary>The smallest and the largest pixel of some rows, the smallest at most 0; 0 and 255 for bytes.</summary>
    /// <param name="rows">The rows, counted from 0.</param>
    public (float Minimum, float Maximum) Range(ReadOnlySpan<int> rows)
    {
        if (_numbers is null)
        {
            return (0, byte.MaxValue);
        }

        float minimum = 0, maximum = 0;
        foreach (int row in rows)
        {
            foreach (float pixel in _numbers.AsSpan(row * PixelsPerImage, PixelsPerImage))
            {
                minimum = Math.Min(minimum, pixel);
                maximum = Math.Max(maximum, pixel);
            }
        }

        return (minimum, maximum);
    }

    /// <inheritdoc/>
    public override bool IsMissing(int row) => false;

    /// <inheritdoc/>
    public override string Format(int row) => $"{Shape[1]}×{Shape[2]} image";
}
