namespace DropoutSharp.Lab.Reports.Charts;

/// <summary>What one colour, shape and dash mean.</summary>
/// <param name="Style">The look.</param>
/// <param name="Text">What it stands for.</param>
/// <param name="HasLine">Whether its points are joined.</param>
/// <param name="HasPoint">Whether its points are marked.</param>
internal sealed record LegendEntry(SeriesStyle Style, string Text, bool HasLine = true, bool HasPoint = true)
{
    /// <summary>Its line of the legend.</summary>
    public Html Render() =>
        Html.Of($"<li><svg viewBox=\"0 0 32 14\" width=\"32\" height=\"14\" aria-hidden=\"true\">{RenderMark()}</svg>{Text}</li>");

    /// <summary>Its line and point, in a box of 32 by 14.</summary>
    public Html RenderMark()
    {
        Html line = HasLine ? Html.Of($"<path class=\"line {Style.Color}{(Style.Dashed ? " dashed" : "")}\" d=\"M1 7H31\"/>") : Html.Empty;
        Html point = HasPoint ? Html.Of($"<path class=\"point {Style.Color}\" d=\"{Marks.Outline(Style.Marker, 16, 7, 4.5)}\"/>") : Html.Empty;
        return Html.Concat([line, point]);
    }
}
