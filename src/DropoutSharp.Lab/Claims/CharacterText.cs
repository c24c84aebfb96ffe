using static TorchSharp.torch;

namespace DropoutSharp.Lab.Claims;

/// <summary>The embedded text as windows of characters, each with the character that follows.</summary>
/// <remarks>Milton, Paradise Lost, books I to VIII; see the README beside the file.</remarks>
internal static class CharacterText
{
    /// <summary>What the text is called.</summary>
    public const string Name = "Paradise Lost, books I to VIII";

    private const string Resource = "DropoutSharp.Lab.Claims.Text.paradise-lost.txt";

    /// <summary>The text.</summary>
    public static string Read()
    {
        using Stream stream = typeof(CharacterText).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"Resource '{Resource}' must be in the assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Every window of a stretch of characters, and the character that follows each.</summary>
    /// <param name="codes">The characters as numbers.</param>
    /// <param name="window">Characters a window.</param>
    /// <returns>Windows, shape (count, window), int64; next characters, shape (count), int64.</returns>
    public static (Tensor Windows, Tensor Next) Windows(ReadOnlySpan<long> codes, int window)
    {
        using var scope = NewDisposeScope();
        Tensor all = tensor(codes.ToArray());
        return (
            all.narrow(0, 0, codes.Length - 1).unfold(0, window, 1).contiguous().MoveToOuterDisposeScope(),
            all.narrow(0, window, codes.Length - window).clone().MoveToOuterDisposeScope());
    }
}
