using System.CommandLine;
using DropoutSharp.Lab;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Options;

/// <summary><c>--picture FILE</c>: what a command found as an SVG file.</summary>
internal static class PictureOption
{
    /// <summary>The option.</summary>
    /// <param name="what">What the picture shows.</param>
    public static Option<string?> Create(string what) => new("--picture") { Description = $"Write a picture of {what} to this SVG file.", HelpName = "FILE" };

    /// <summary>Writes the picture where a file is given, whole or not at all.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="draw">Draws it.</param>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static void Save(string? path, Func<string> draw)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(draw());
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            AtomicFile.Write(path, stream => stream.Write(bytes));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{path}' must be a file that can be written; {exception.Message.Split('\n')[0].TrimEnd('.')}.", exception);
        }
    }
}
