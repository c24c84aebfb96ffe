namespace DropoutSharp.Lab.Reports.Charts;

/// <summary>A picture with two axes, as SVG that takes its colours from the page's theme.</summary>
/// <remarks>
/// The picture is laid out for <see cref="Width"/> units and never shown wider than that many pixels, so that its text has the size of
/// the page's on a screen and stays legible when a phone shows it at two thirds of that; what is too wide for that scrolls sideways.
/// </remarks>
internal sealed record Chart
{
    private const double CharacterWidth = 7.2;
    private const double LeastShare = 0.7;
    private const double LineHeight = 16;

    /// <summary>What the picture shows, for those who cannot see it.</summary>
    public required string Description { get; init; }

    /// <summary>The horizontal axis with its unit.</summary>
    public required string XTitle { get; init; }

    /// <summary>The vertical axis with its unit.</summary>
    public required string YTitle { get; init; }

    /// <summary>The horizontal scale.</summary>
    public required Scale X { get; init; }

    /// <summary>The vertical scale.</summary>
    public required Scale Y { get; init; }

    /// <summary>A short line above the picture; null for none.</summary>
    public string? Heading { get; init; }

    /// <summary>What the colours and shapes mean.</summary>
    public IReadOnlyList<LegendEntry> Legend { get; init; } = [];

    /// <summary>The width, in pixels where there is room.</summary>
    public double Width { get; init; } = 500;

    /// <summary>The height, in pixels where there is room.</summary>
    public double Height { get; init; } = 330;

    /// <summary>Draws it.</summary>
    /// <param name="marks">Draws what lies between the axes.</param>
    public Html Render(Func<PlotArea, IEnumerable<Html>> marks)
    {
        double left = 32 + (CharacterWidth * Y.Ticks.Select(tick => Y.Label(tick).Length).DefaultIfEmpty(1).Max());
        double width = Width - left - 16;
        PlotArea area = new(X, Y, left, 12, width, Height - 12 - Below(width));
        Html heading = Heading is null ? Html.Empty : Html.Of($"<h3>{Heading}</h3>");
        return Html.Of($"""
            <figure class="chart" style="max-width:{Width}px">{heading}{RenderLegend()}
            {(IsWide ? Html.Of($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Description}\">") : Html.Empty)}<svg viewBox="0 0 {Width} {Height}"{(IsWide ? Html.Of($" style=\"min-width:{LeastShare * Width}px\"") : Html.Empty)} role="img" aria-label="{Description}">
            {Axes(area)}
            {marks(area)}
            </svg>{(IsWide ? Html.Trusted("</div>") : Html.Empty)}</figure>

            """);
    }

    /// <summary>Draws it as a file of its own, with its colours for light and dark and its legend inside.</summary>
    /// <param name="marks">Draws what lies between the axes.</param>
    public Html RenderFile(Func<PlotArea, IEnumerable<Html>> marks)
    {
        double left = 32 + (CharacterWidth * Y.Ticks.Select(tick => Y.Label(tick).Length).DefaultIfEmpty(1).Max());
        double top = 12 + (20 * Legend.Count);
        double width = Width - left - 16, below = Below(width);
        PlotArea area = new(X, Y, left, top, width, Height - 12 - below);
        double height = top + area.Height + below;
        IEnumerable<Html> legend = Legend.Select((entry, index) => Html.Of(
            $"<g transform=\"translate({left} {8 + (20 * index)})\">{entry.RenderMark()}<text class=\"legend\" x=\"40\" y=\"11.5\">{entry.Text}</text></g>"));
        return Html.Of($"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" role="img" aria-label="{Description}">
            <style>{FileStyle}</style>
            <rect class="card" width="{Width}" height="{height}"/>
            <g class="chart">
            {legend}
            {Axes(area)}
            {marks(area)}
            </g></svg>

            """);
    }

    private static readonly Html FileStyle = Html.Trusted("""
        :root { --card: #ffffff; --text: #1b1f24; --muted: #57606a; --grid: #e9ecef; --none: #6a737d; --s0: #0b5cad; --s1: #c2410c; --s2: #0f766e; --s3: #8a2fa8; --s4: #856404; }
        @media (prefers-color-scheme: dark) { :root { --card: #181c20; --text: #e8eaed; --muted: #a3abb4; --grid: #282e35; --none: #99a2ac; --s0: #6cb4ff; --s1: #ff9c66; --s2: #4fd1c0; --s3: #d79bf2; --s4: #e5bd45; } }
        text { fill: var(--muted); font: 13px system-ui, "DejaVu Sans", sans-serif; } text.title, text.legend { fill: var(--text); }
        .card { fill: var(--card); } .grid { stroke: var(--grid); fill: none; } .axis { stroke: var(--muted); fill: none; }
        .none { --c: var(--none); } .guide { --c: var(--muted); } .s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); } .s4 { --c: var(--s4); }
        .line { stroke: var(--c); stroke-width: 2.25; fill: none; } path.guide { stroke: var(--c); fill: none; } .dashed { stroke-dasharray: 6 4; }
        .point { fill: var(--c); stroke: var(--card); } .interval { stroke: var(--c); stroke-width: 1.5; fill: none; } .band { fill: var(--c); opacity: 0.2; }
        """);

    private bool IsWide => Width > 550;

    /// <summary>What lies below the horizontal axis: its labels in one line or two, and its title.</summary>
    private double Below(double width) => 48 + (IsStaggered(width) ? LineHeight : 0);

    /// <summary>Whether two labels beside each other would meet in one line; then every other one stands a line lower.</summary>
    private bool IsStaggered(double width) => X.Ticks.Zip(X.Ticks.Skip(1)).Any(pair =>
        (X.Label(pair.First).Length + X.Label(pair.Second).Length + 1) * CharacterWidth / 2 > width * (X.Fraction(pair.Second) - X.Fraction(pair.First)));

    private Html RenderLegend() => Legend.Count == 0
        ? Html.Empty
        : Html.Of($"<ul class=\"legend\">{Legend.Select(static entry => entry.Render())}</ul>");

    /// <summary>A title that fits beside its axis; a column's name can be of any length.</summary>
    private static string Shortened(string title, double length)
    {
        int most = (int)(length / CharacterWidth);
        return title.Length <= most ? title : title[..(most - 1)] + "…";
    }

    private Html Axes(PlotArea area)
    {
        double lower = IsStaggered(area.Width) ? LineHeight : 0;
        IEnumerable<Html> vertical = X.Ticks.Select((tick, index) => Html.Of(
            $"<path class=\"grid\" d=\"M{area.MapX(tick)} {area.Top}V{area.Bottom}\"/><text class=\"tick\" x=\"{area.MapX(tick)}\" y=\"{area.Bottom + 17 + (index % 2 * lower)}\" text-anchor=\"middle\">{X.Label(tick)}</text>"));
        IEnumerable<Html> horizontal = Y.Ticks.Select(tick => Html.Of(
            $"<path class=\"grid\" d=\"M{area.Left} {area.MapY(tick)}H{area.Right}\"/><text class=\"tick\" x=\"{area.Left - 6}\" y=\"{area.MapY(tick) + 4.5}\" text-anchor=\"end\">{Y.Label(tick)}</text>"));
        double middle = area.Top + (area.Height / 2);
        return Html.Of($"""
            {vertical}{horizontal}<path class="axis" d="M{area.Left} {area.Top}V{area.Bottom}H{area.Right}"/>
            <text class="title" x="{area.Left + (area.Width / 2)}" y="{area.Bottom + 39 + lower}" text-anchor="middle">{Shortened(XTitle, area.Width)}</text>
            <text class="title" transform="translate(15 {middle}) rotate(-90)" text-anchor="middle">{Shortened(YTitle + (Y.IsLogarithmic ? ", logarithmic" : ""), area.Height)}</text>
            """);
    }
}
