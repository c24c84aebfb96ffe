using System.Globalization;
using System.Text.RegularExpressions;

namespace DropoutSharp.Lab.Data;

/// <summary>Finds images in tables whose columns are pixels.</summary>
/// <remarks>
/// Three ways of naming them are known: <c>pixel_R_C</c> (row and column from 0), <c>RxC</c> (from 1), and <c>pixelN</c> (from 0 over a square).
/// Every pixel must be there, be a number and have a value in every row.
/// </remarks>
internal static partial class PixelTable
{
    private const int SmallestSide = 4;

    /// <summary>Puts pixel columns together to one column of images; leaves other data as they are.</summary>
    public static Dataset Collapse(Dataset dataset)
    {
        string[] numbers = [.. dataset.Columns.OfType<NumberColumn>().Select(column => column.Name)];
        if (Find(numbers) is not { } grid)
        {
            return dataset;
        }

        NumberColumn[] pixels = [.. grid.Names.Select(name => (NumberColumn)dataset.Columns.First(column => column.Name == name))];
        if (pixels.Any(HasMissing) || (long)dataset.RowCount * pixels.Length > Array.MaxLength)
        {
            return dataset;
        }

        float[] values = new float[dataset.RowCount * pixels.Length];
        for (int p = 0; p < pixels.Length; p++)
        {
            ReadOnlySpan<double> column = pixels[p].Values;
            for (int row = 0; row < column.Length; row++)
            {
                values[row * pixels.Length + p] = (float)column[row];
            }
        }

        HashSet<string> gone = [.. grid.Names];
        DataColumn[] others = [.. dataset.Columns.Where(column => !gone.Contains(column.Name))];
        return dataset.With([new ImageColumn(IdxDataset.ImageColumn, [1, grid.Height, grid.Width], values), .. others]);
    }

    /// <summary>Finds a whole grid of pixels among column names.</summary>
    /// <param name="names">Names of columns.</param>
    /// <returns>The names row by row, or null where there is no grid.</returns>
    public static (int Height, int Width, IReadOnlyList<string> Names)? Find(IReadOnlyList<string> names)
    {
        foreach ((Regex pattern, int first) in new[] { (RowAndColumn(), 0), (RowByColumn(), 1) })
        {
            Dictionary<(int Row, int Column), string> cells = [];
            foreach (string name in names)
            {
                if (pattern.Match(name) is { Success: true } match)
                {
                    cells[(Number(match, 1) - first, Number(match, 2) - first)] = name;
                }
            }

            if (cells.Count > 0)
            {
                int height = cells.Keys.Max(cell => cell.Row) + 1, width = cells.Keys.Max(cell => cell.Column) + 1;
                return Grid(height, width, cells.Count, (row, column) => cells.GetValueOrDefault((row, column)));
            }
        }

        Dictionary<int, string> numbered = [];
        foreach (string name in names)
        {
            if (Numbered().Match(name) is { Success: true } match)
            {
                numbered[Number(match, 1)] = name;
            }
        }

        int side = (int)Math.Round(Math.Sqrt(numbered.Count));
        return side * side == numbered.Count
            ? Grid(side, side, numbered.Count, (row, column) => numbered.GetValueOrDefault(row * side + column))
            : null;
    }

    private static bool HasMissing(NumberColumn column)
    {
        foreach (double value in column.Values)
        {
            if (double.IsNaN(value))
            {
                return true;
            }
        }

        return false;
    }

    private static (int Height, int Width, IReadOnlyList<string> Names)? Grid(int height, int width, int cells, Func<int, int, string?> find)
    {
        if (height < SmallestSide || width < SmallestSide || (long)height * width != cells)
        {
            return null;
        }

        List<string> names = [];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                if (find(row, column) is not { } name)
                {
                    return null;
                }

                names.Add(name);
            }
        }

        return (height, width, names);
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^pixel_(\d{1,4})_(\d{1,4})$", RegexOptions.IgnoreCase)]
    private static partial Regex RowAndColumn();

    [GeneratedRegex(@"^([1-9]\d{0,3})x([1-9]\d{0,3})$", RegexOptions.IgnoreCase)]
    private static partial Regex RowByColumn();

    [GeneratedRegex(@"^pixel(\d{1,7})$", RegexOptions.IgnoreCase)]
    private static partial Regex Numbered();
}
