using System.Diagnostics;

namespace DropoutSharp.Lab.Tests.Reports;

/// <summary>A headless browser, where this machine has one.</summary>
internal static class Browser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];

    /// <summary>Opens a page, lets its script run, and returns the document as it then is, and what the console said.</summary>
    public static (string Document, string Console) Open(string page, bool dark)
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .SelectMany(static folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "A Chromium browser must be on the PATH to look at a page; there is none.");
        DirectoryInfo profile = Directory.CreateTempSubdirectory("browser");
        try
        {
            string file = Path.Combine(profile.FullName, "page.html");
            File.WriteAllText(file, page);
            using Process browser = Process.Start(new ProcessStartInfo(program!, [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--virtual-time-budget=5000",
                $"--user-data-dir={Path.Combine(profile.FullName, "profile")}", $"--blink-settings=preferredColorScheme={(dark ? 0 : 1)}",
                "--dump-dom", new Uri(file).AbsoluteUri])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> document = browser.StandardOutput.ReadToEndAsync();
            Task<string> log = browser.StandardError.ReadToEndAsync();
            if (!browser.WaitForExit(TimeSpan.FromSeconds(90)))
            {
                browser.Kill(entireProcessTree: true);
                Assert.Skip("The browser must answer within 90 seconds; it did not.");
            }

            return (document.Result, string.Join('\n', log.Result.Split('\n').Where(static line => line.Contains(":CONSOLE", StringComparison.Ordinal))));
        }
        finally
        {
            try
            {
                profile.Delete(recursive: true);
            }
            catch (IOException)
            {
                // A helper of the browser can hold its profile a moment longer than the browser lives; the folder is a temporary one.
            }
        }
    }
}
