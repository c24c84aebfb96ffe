namespace DropoutSharp.Lab.Reports.Charts;

/// <summary>The things that are drawn between the axes.</summary>
internal static class Marks
{
    /// <summary>A line through points; it breaks where a value is not finite.</summary>
    /// <param name="area">Where to.</param>
    /// <param name="style">Its colour and dash.</param>
    /// <param name="points">The points.</param>
    /// <param name="kind">The style sheet's class for its weight: <c>line</c>, <c>faint</c> or <c>guide</c>.</param>
    public static Html Line(PlotArea area, SeriesStyle style, IEnumerable<(double X, double Y)> points, string kind = "line")
    {
        List<Html> parts = [];
        bool pen = false;
        foreach ((double x, double y) in points)
        {
            bool finite = double.IsFinite(x) && double.IsFinite(y);
            if (finite)
            {
                parts.Add(Html.Of($"{(pen ? "L" : "M")}{area.MapX(x)} {area.MapY(y)}"));
            }

            pen = finite;
        }

        return parts.Count < 2 ? Html.Empty : Html.Of($"<path class=\"{kind} {style.Color}{(style.Dashed ? " dashed" : "")}\" d=\"{parts}\"/>");
    }

    /// <summary>A band whose edges follow the horizontal axis; what lies outside the axes is cut off.</summary>
    /// <param name="area">Where to.</param>
    /// <param name="style">Its colour.</param>
    /// <param name="edges">Lower and upper edge at each place, from left to right; all finite.</param>
    public static Html Area(PlotArea area, SeriesStyle style, IEnumerable<(double X, double Low, double High)> edges)
    {
        (double X, double Low, double High)[] all = [.. edges];
        IEnumerable<Html> upper = all.Select((edge, i) => Html.Of($"{(i == 0 ? "M" : "L")}{area.MapX(edge.X)} {area.MapYInside(edge.High)}"));
        IEnumerable<Html> lower = all.Reverse().Select(edge => Html.Of($"L{area.MapX(edge.X)} {area.MapYInside(edge.Low)}"));
        return Html.Of($"<path class=\"band {style.Color}\" d=\"{upper}{lower}Z\"/>");
    }

    /// <summary>A point with a text that shows when the pointer rests on it.</summary>
    /// <param name="area">Where to.</param>
    /// <param name="style">Its colour and shape.</param>
    /// <param name="x">The value along.</param>
    /// <param name="y">The value up.</param>
    /// <param name="title">The text.</param>
    /// <param name="shift">Moves it sideways, in units of the picture, so that points at the same place can be told apart.</param>
    /// <param name="radius">Its size, in units of the picture.</param>
    public static Html Point(PlotArea area, SeriesStyle style, double x, double y, string title, double shift = 0, double radius = 4.5) =>
        double.IsFinite(x) && double.IsFinite(y)
            ? Html.Of($"<path class=\"point {style.Color}\" d=\"{Outline(style.Marker, area.MapX(x) + shift, area.MapY(y), radius)}\"><title>{title}</title></path>")
            : Html.Empty;

    /// <summary>An interval as a line with end strokes.</summary>
    /// <param name="area">Where to.</param>
    /// <param name="style">Its colour.</param>
    /// <param name="x">The value along.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <param name="shift">Moves it sideways, in units of the picture.</param>
    public static Html Interval(PlotArea area, SeriesStyle style, double x, double low, double high, double shift = 0)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low == high)
        {
            return Html.Empty;
        }

        double at = area.MapX(x) + shift;
        (double bottom, double top) = (area.MapYInside(low), area.MapYInside(high));
        return Html.Of($"<path class=\"interval {style.Color}\" d=\"M{at} {bottom}V{top}M{at - 4} {bottom}h8M{at - 4} {top}h8\"/>");
    }

    /// <summary>A horizontal band from side to side with a line through it.</summary>
    /// <param name="area">Where to.</param>
    /// <param name="style">Its colour.</param>
    /// <param name="middle">The line.</param>
    /// <param name="low">The lower edge.</param>
    /// <param name="high">The upper edge.</param>
    /// <param name="title">A text that shows when the pointer rests on it.</param>
    public static Html Band(PlotArea area, SeriesStyle style, double middle, double low, double high, string title)
    {
        if (!double.IsFinite(middle))
        {
            return Html.Empty;
        }

        (double bottom, double top) = double.IsFinite(low) && double.IsFinite(high) ? (area.MapYInside(low), area.MapYInside(high)) : (0, 0);
        Html band = bottom > top
            ? Html.Of($"<rect class=\"band {style.Color}\" x=\"{area.Left}\" y=\"{top}\" width=\"{area.Width}\" height=\"{bottom - top}\"/>")
            : Html.Empty;
        return Html.Of($"<g>{band}<path class=\"line {style.Color}\" d=\"M{area.Left} {area.MapY(middle)}H{area.Right}\"/><title>{title}</title></g>");
    }

    /// <summary>The path of a marker.</summary>
    /// <param name="marker">The shape.</param>
    /// <param name="x">Its middle.</param>
    /// <param name="y">Its middle.</param>
    /// <param name="radius">Its size; the shapes look equally large.</param>
    public static Html Outline(Marker marker, double x, double y, double radius)
    {
        double side = radius * 0.9;
        double wide = radius * 1.2;
        return marker switch
        {
            Marker.Square => Html.Of($"M{x - side} {y - side}h{2 * side}v{2 * side}h{-2 * side}z"),
            Marker.Triangle => Html.Of($"M{x} {y - wide}L{x + wide} {y + side}H{x - wide}z"),
            Marker.Diamond => Html.Of($"M{x} {y - wide}L{x + wide} {y}L{x} {y + wide}L{x - wide} {y}z"),
            _ => Html.Of($"M{x - radius} {y}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0z"),
        };
    }
}
