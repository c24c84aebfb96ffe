using System.Reflection;

namespace DropoutSharp.Lab.Reports;

/// <summary>The frame of every page: no network, no script, no other file; light and dark.</summary>
internal static class Page
{
    private static readonly Lazy<Html> StyleSheet = new(static () =>
    {
        using Stream stream = typeof(Page).Assembly.GetManifestResourceStream("report.css")
            ?? throw new InvalidOperationException("The style sheet must be embedded in the assembly; it was not found.");
        using StreamReader reader = new(stream);
        return Html.Trusted(reader.ReadToEnd());
    });

    private static string Version => typeof(Page).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? string.Empty;

    /// <summary>A whole page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="content">What stands on it.</param>
    public static string Render(string title, Html content) => "<!DOCTYPE html>\n" + Html.Of($"""
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
        <title>{title}</title>
        <style>
        {StyleSheet.Value}</style>
        </head>
        <body>
        <main>
        {content}</main>
        <footer>Made by DropoutSharp {Version}.</footer>
        </body>
        </html>

        """);
}
