namespace DropoutSharp.Lab.Data;

/// <summary>Rows as they were read, before anything is learned from them.</summary>
public sealed class Dataset
{
    private readonly Lazy<ImageFeature?> _pixelRange;

    /// <summary>A data set of columns.</summary>
    /// <param name="name">What the data is called in a report.</param>
    /// <param name="columns">Columns of the same length.</param>
    /// <exception cref="ArgumentException">There is no column, or the columns differ in length.</exception>
    public Dataset(string name, IReadOnlyList<DataColumn> columns)
    {
        if (columns.Count == 0 || columns.Any(column => column.Count != columns[0].Count))
        {
            throw new ArgumentException("A data set must have columns of one length.", nameof(columns));
        }

        Name = name;
        Columns = columns;
        _pixelRange = new(() => Images is { } images ? ImageFeature.Fit(images, [.. Enumerable.Range(0, RowCount)]) : null);
    }

    /// <summary>What the data is called in a report, such as the file's name.</summary>
    public string Name { get; }

    /// <summary>The columns, in the order of the file.</summary>
    public IReadOnlyList<DataColumn> Columns { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => Columns[0].Count;

    /// <summary>The first row of the test part that the data came with, which reaches to the end; null where it came with none.</summary>
    public int? TestStart { get; init; }

    /// <summary>The column to predict where the data says so itself; null where it does not.</summary>
    public string? DefaultTarget { get; init; }

    /// <summary>How dates and times are written in the file, where it is not the usual way.</summary>
    public TimeFormats TimeFormats { get; init; } = TimeFormats.Usual;

    /// <summary>Finds what <see cref="Locate"/> says; null for data of no file.</summary>
    internal Func<int, string>? Locator { get; init; }

    /// <summary>One sentence each about what reading did to the data.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The images, where rows are images; otherwise null.</summary>
    public ImageColumn? Images => Columns.OfType<ImageColumn>().FirstOrDefault();

    /// <summary>The column of a name; exact first, then whatever the case.</summary>
    /// <param name="name">The column's name.</param>
    /// <returns>The column, or null where there is none.</returns>
    public DataColumn? Find(string name) =>
        Columns.FirstOrDefault(column => column.Name == name)
        ?? Columns.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same rows in other columns.</summary>
    /// <param name="columns">Columns of as many rows.</param>
    internal Dataset With(IReadOnlyList<DataColumn> columns) => new(Name, columns)
    {
        TestStart = TestStart,
        DefaultTarget = DefaultTarget,
        TimeFormats = TimeFormats,
        Locator = Locator,
        Notes = Notes,
    };

    /// <summary>Names the place of a row for an error, such as <c>data.csv, line 18</c>.</summary>
    /// <param name="row">The row, counted from 0.</param>
    internal string Locate(int row) => Locator?.Invoke(row) ?? $"'{Name}', row {row + 1}";

    /// <summary>A row as a person can look at it.</summary>
    /// <param name="row">The row, counted from 0.</param>
    /// <param name="except">A column to leave out, such as the target.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is not a row.</exception>
    public RowDescription Describe(int row, string? except = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowCount);
        if (Images is not { } images)
        {
            return new RowDescription(null, null, [.. Columns
                .Where(column => column.Name != except)
                .Select(column => KeyValuePair.Create(column.Name, column.Format(row)))]);
        }

        float[] pixels = new float[images.PixelsPerImage];
        images.CopyTo(row, pixels);
        _pixelRange.Value!.Scale(pixels);
        return new RowDescription(pixels, images.Shape, null);
    }
}
