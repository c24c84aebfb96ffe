namespace DropoutSharp.Lab.Reports.Charts;

/// <summary>How a series is told from the others: by a colour of the theme, a marker's shape, and a dash.</summary>
/// <param name="Color">The style sheet's class for the colour, such as <c>s0</c> or <c>none</c>.</param>
/// <param name="Marker">The shape of its points, so that colour is not the only difference.</param>
/// <param name="Dashed">Whether its line is broken.</param>
internal readonly record struct SeriesStyle(string Color, Marker Marker, bool Dashed = false)
{
    /// <summary>How many colours a theme has for series.</summary>
    public const int ColorCount = 5;

    /// <summary>The style of the model without dropout.</summary>
    public static SeriesStyle None { get; } = new("none", Marker.Circle);

    /// <summary>The style of the recommended candidate.</summary>
    public static SeriesStyle Recommended { get; } = new("s0", Marker.Square);

    /// <summary>The style of the series with a number.</summary>
    /// <param name="index">Counted from 0; colours repeat after <see cref="ColorCount"/>, shapes later.</param>
    public static SeriesStyle Number(int index) => new($"s{index % ColorCount}", (Marker)(index % 4), index / ColorCount % 2 == 1);
}
