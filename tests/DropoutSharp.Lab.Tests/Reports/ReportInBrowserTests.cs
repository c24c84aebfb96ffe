using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DropoutSharp.Lab.Reports;

namespace DropoutSharp.Lab.Tests.Reports;

public sealed partial class ReportInBrowserTests
{
    // A frame as wide as a phone for each report, and a script outside of them that measures.
    private const string Script = """
        <script>
        addEventListener('load', () => {
          const measured = [...document.querySelectorAll('iframe')].map(frame => {
            const inner = frame.contentDocument, view = frame.contentWindow;
            const text = inner.querySelector('.chart text');
            return {
              name: frame.id, width: inner.documentElement.clientWidth, scrollWidth: inner.documentElement.scrollWidth,
              background: view.getComputedStyle(inner.body).backgroundColor,
              textHeight: text ? text.getBoundingClientRect().height : 100,
              pixels: [...inner.images].every(image => image.complete && image.naturalWidth > 0)
            };
          });
          document.getElementById('measured').textContent = JSON.stringify(measured);
        });
        </script>
        """;

    [Theory]
    [InlineData(false, "rgb(246, 247, 249)")]
    [InlineData(true, "rgb(16, 19, 22)")]
    public void Open_OnAPhone_FitsReadsAndKeepsTheConsoleQuiet(bool dark, string background)
    {
        string frames = string.Concat(SyntheticComparisons.All().Select(static each =>
            $"<iframe id=\"{each.Name}\" style=\"width:400px;height:800px\" srcdoc=\"{WebUtility.HtmlEncode(ReportWriter.Render(each.Result))}\"></iframe>\n"));

        (string document, string console) = Browser.Open($"<!DOCTYPE html><html><body>{frames}<pre id=\"measured\"></pre>{Script}</body></html>", dark);

        Assert.Equal(string.Empty, console);
        JsonElement measured = JsonDocument.Parse(WebUtility.HtmlDecode(Measured().Match(document).Groups[1].Value)).RootElement;
        Assert.Equal(SyntheticComparisons.All().Count(), measured.GetArrayLength());
        Assert.All(measured.EnumerateArray(), each =>
        {
            string name = each.GetProperty("name").GetString()!;
            Assert.True(each.GetProperty("scrollWidth").GetInt32() <= each.GetProperty("width").GetInt32(), $"{name} is wider than a phone: {each}");
            Assert.True(each.GetProperty("textHeight").GetDouble() >= 10, $"{name} has text that is too small to read: {each}");
            Assert.True(each.GetProperty("pixels").GetBoolean(), $"{name} has an image that does not show.");
            Assert.Equal(background, each.GetProperty("background").GetString());
        });
    }

    [GeneratedRegex("<pre id=\"measured\">(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Measured();
}
