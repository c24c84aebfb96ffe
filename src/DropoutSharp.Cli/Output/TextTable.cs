namespace DropoutSharp.Cli.Output;

/// <summary>A table of plain text: numbers to the right, words to the left, columns that do not fit left out by their importance.</summary>
/// <param name="columns">The columns, left to right.</param>
internal sealed class TextTable(params IReadOnlyList<TextTable.Column> columns)
{
    private const string Gap = "  ";
    private readonly List<string[]> _rows = [];

    /// <summary>A column.</summary>
    /// <param name="Title">Its heading.</param>
    /// <param name="IsNumber">Whether its cells stand to the right.</param>
    /// <param name="Importance">Where the table is too wide, the column with the highest number goes first; 0 always stays.</param>
    internal sealed record Column(string Title, bool IsNumber = true, int Importance = 0);

    /// <summary>Adds a row.</summary>
    /// <param name="cells">A text a column.</param>
    public void Add(params IReadOnlyList<string> cells)
    {
        if (cells.Count != columns.Count)
        {
            throw new ArgumentException($"A row must have {columns.Count} cells; received {cells.Count}.", nameof(cells));
        }

        _rows.Add([.. cells]);
    }

    /// <summary>Writes the heading, a rule and the rows, no line wider than asked where columns may be left out.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="width">In characters.</param>
    public void Write(TextWriter output, int width)
    {
        int[] widths = [.. columns.Select((column, i) => _rows.Select(row => row[i].Length).Append(column.Title.Length).Max())];
        List<int> shown = [.. Enumerable.Range(0, columns.Count)];
        while (Total(shown) > width && shown.Where(i => columns[i].Importance > 0).ToArray() is { Length: > 0 } candidates)
        {
            shown.Remove(candidates.MaxBy(i => columns[i].Importance));
        }

        output.WriteLine(Line([.. columns.Select(static column => column.Title)]));
        output.WriteLine(string.Join(Gap, shown.Select(i => new string('─', widths[i]))));
        foreach (string[] row in _rows)
        {
            output.WriteLine(Line(row));
        }

        int Total(IReadOnlyCollection<int> indices) => indices.Sum(i => widths[i]) + (Gap.Length * (indices.Count - 1));

        string Line(string[] cells) => string.Join(Gap, shown.Select(i => columns[i].IsNumber ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]))).TrimEnd();
    }
}
