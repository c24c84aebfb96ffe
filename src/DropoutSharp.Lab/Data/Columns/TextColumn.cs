namespace DropoutSharp.Lab.Data;

/// <summary>A column of text, each different text held once.</summary>
/// <param name="name">The column's name.</param>
/// <param name="codes">One a row: an index into <paramref name="levels"/>, or <see cref="Missing"/>.</param>
/// <param name="levels">The different texts, in the order in which they first appear.</param>
public sealed class TextColumn(string name, int[] codes, IReadOnlyList<string> levels) : DataColumn(name)
{
    /// <summary>The code of a missing value.</summary>
    public const int Missing = -1;

    /// <summary>One a row: an index into <see cref="Levels"/>, or <see cref="Missing"/>.</summary>
    public ReadOnlySpan<int> Codes => codes;

    /// <summary>The different texts, in the order in which they first appear.</summary>
    public IReadOnlyList<string> Levels { get; } = levels;

    /// <inheritdoc/>
    public override int Count => codes.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => codes[row] == Missing;

    /// <inheritdoc/>
    public override string Format(int row) => IsMissing(row) ? "" : Levels[codes[row]];
}
