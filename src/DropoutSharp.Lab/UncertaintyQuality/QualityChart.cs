using DropoutSharp.Lab.Reports;
using DropoutSharp.Lab.Reports.Charts;

namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>A picture of a page on uncertainty.</summary>
/// <param name="Name">What its file is called.</param>
/// <param name="Chart">Its axes and legend.</param>
/// <param name="Marks">Draws what lies between the axes.</param>
internal sealed record QualityChart(string Name, Chart Chart, Func<PlotArea, IEnumerable<Html>> Marks)
{
    /// <summary>The picture for a page.</summary>
    public Html Render() => Chart.Render(Marks);

    /// <summary>The picture as an SVG file of its own.</summary>
    public string RenderFile() => Chart.RenderFile(Marks).ToString();
}
