using DropoutSharp.Lab.Comparison;
using SkiaSharp;

namespace DropoutSharp.Lab.Reports;

/// <summary>An example's pixels as a PNG inside an address, so that a page needs no other file.</summary>
internal static class PixelImage
{
    /// <summary>The image as a <c>data:</c> address.</summary>
    /// <param name="example">An example with pixels: one channel (grey) or three (red, green, blue), values in [0, 1].</param>
    /// <exception cref="ArgumentException">The pixels do not fit their shape.</exception>
    public static string DataUri(UnsureExample example)
    {
        if (example is not { Pixels: { } pixels, PixelShape: [int channels, int height, int width] } || pixels.Length != channels * height * width || channels < 1)
        {
            throw new ArgumentException("An image must have as many pixels as channels × height × width.", nameof(example));
        }

        int plane = height * width;
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        SKColor[] colors = new SKColor[plane];
        for (int i = 0; i < plane; i++)
        {
            colors[i] = channels >= 3
                ? new(Level(pixels[i]), Level(pixels[plane + i]), Level(pixels[(2 * plane) + i]))
                : new(Level(pixels[i]), Level(pixels[i]), Level(pixels[i]));
        }

        bitmap.Pixels = colors;
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return "data:image/png;base64," + Convert.ToBase64String(data.AsSpan());
    }

    private static byte Level(float value) => (byte)Math.Clamp((float.IsNaN(value) ? 0 : value * 255) + 0.5f, 0, 255);
}
