namespace DropoutSharp.Lab.Reports.Charts;

/// <summary>The rectangle between the axes: maps values to coordinates of the picture.</summary>
/// <param name="X">The horizontal scale.</param>
/// <param name="Y">The vertical scale.</param>
/// <param name="Left">In units of the picture.</param>
/// <param name="Top">In units of the picture.</param>
/// <param name="Width">In units of the picture.</param>
/// <param name="Height">In units of the picture.</param>
internal sealed record PlotArea(Scale X, Scale Y, double Left, double Top, double Width, double Height)
{
    /// <summary>The right edge.</summary>
    public double Right => Left + Width;

    /// <summary>The lower edge.</summary>
    public double Bottom => Top + Height;

    /// <summary>A value's horizontal coordinate.</summary>
    /// <param name="value">The value.</param>
    public double MapX(double value) => Left + (Width * X.Fraction(value));

    /// <summary>A value's vertical coordinate.</summary>
    /// <param name="value">The value.</param>
    public double MapY(double value) => Bottom - (Height * Y.Fraction(value));

    /// <summary>A value's vertical coordinate; the nearest edge's where it lies outside.</summary>
    /// <param name="value">The value.</param>
    public double MapYInside(double value) => Math.Clamp(MapY(value), Top, Bottom);
}
