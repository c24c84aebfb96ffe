namespace DropoutSharp.Cli.Output;

/// <summary>How much room there is to write.</summary>
internal static class Screen
{
    private const int Narrowest = 80;
    private const int Widest = 120;

    /// <summary>Characters in a line: the terminal's, from 80 to 120; 120 where the output is no terminal.</summary>
    public static int Width => Console.IsOutputRedirected ? Widest : Math.Clamp(Console.WindowWidth, Narrowest, Widest);

    /// <summary>Breaks a text into lines that fit.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">In characters; a longer word has a line of its own.</param>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        string line = string.Empty;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}
