using System.Globalization;
using DuckDB.NET.Data;

namespace DropoutSharp.Lab.Data;

/// <summary>Reads a table whole.</summary>
internal static class TableDataset
{
    // From this share of numbers on, the rest of a column are taken for mistakes and not for categories.
    private const double MostlyNumbers = 0.8;

    /// <summary>Reads a table.</summary>
    /// <param name="path">A file or a glob.</param>
    /// <param name="options">Columns to leave out, and columns that hold categories.</param>
    /// <exception cref="UserErrorException">The table cannot be read; the message is one sentence that says why.</exception>
    public static Dataset Read(string path, DatasetOptions options)
    {
        string[] named = [.. options.Ignore, .. options.Categories, .. new[] { options.Target }.OfType<string>()];
        using TableSource source = TableSource.Open(path, named, options.Categories);
        foreach (string name in options.Ignore.Concat(options.Categories))
        {
            if (!source.Columns.Any(column => Same(column.Name, name)))
            {
                throw new UserErrorException(
                    $"'{path}' must have the columns that are named; it has no '{name}'{NearNames.Suggest(name, [.. source.Columns.Select(column => column.Name)])}");
            }
        }

        if (options.Target is { } target && options.Ignore.Any(name => Same(name, target)))
        {
            throw new UserErrorException($"Target must not be a column that is left out; received '{target}'.");
        }

        try
        {
            return ReadColumns(source, options);
        }
        catch (DuckDBException exception) when (source.IsUntyped && TableErrors.IsConversion(exception))
        {
            // The first rows looked like a type that a later one does not fit.
            source.FindTypesFromAllRows();
        }
        catch (DuckDBException exception)
        {
            throw TableErrors.Explain(exception, path);
        }

        try
        {
            return ReadColumns(source, options);
        }
        catch (DuckDBException exception)
        {
            throw TableErrors.Explain(exception, path);
        }
    }

    private static Dataset ReadColumns(TableSource source, DatasetOptions options)
    {
        List<string> notes = source.LacksHeader ? [$"Line 1 names no columns, so they are called {source.Columns[0].Name} to {source.Columns[^1].Name}."] : [];
        List<ColumnBuilder> builders = [];
        List<string> expressions = [];
        HashSet<string> untyped = [];
        foreach (TableColumn column in source.Columns)
        {
            if (options.Ignore.Any(name => Same(name, column.Name)))
            {
                continue;
            }

            bool isCategory = options.Categories.Any(name => Same(name, column.Name))
                || (options.Task == LearningTask.Classification && options.Target is { } target && Same(target, column.Name) && column.Kind == TableValueKind.Text);
            if ((isCategory ? TableValueKind.Text : column.Kind) is not { } kind)
            {
                notes.Add($"Column '{column.Name}' was left out: it holds {column.SqlType}, not numbers, texts, truth values or dates.");
                continue;
            }

            builders.Add(ColumnBuilder.Create(column.Name, kind));
            expressions.Add(isCategory ? column.AsText : column.AsKind);
            if (kind == TableValueKind.Text && !isCategory && (source.IsUntyped || column.SqlType == "JSON"))
            {
                untyped.Add(column.Name);
            }
        }

        int rows = builders.Count == 0 ? 0 : ReadRows(source, expressions, builders);
        if (rows == 0)
        {
            throw new UserErrorException($"'{source.Path}' must hold rows of columns; it holds none.");
        }

        DataColumn[] columns = [.. builders.Select(builder => builder.Build())
            .Select(column => column is TextColumn text && untyped.Contains(column.Name) ? FindKind(source, text) : column)];
        foreach (NumberColumn column in columns.OfType<NumberColumn>())
        {
            CheckFinite(source, column);
        }

        string path = source.Path;
        return PixelTable.Collapse(new Dataset(Path.GetFileName(path), columns)
        {
            Notes = notes,
            TimeFormats = source.TimeFormats,
            Locator = row => LocateAgain(path, [.. source.Columns.Select(column => column.Name)], row),
        });
    }

    private static int ReadRows(TableSource source, List<string> expressions, List<ColumnBuilder> builders)
    {
        using DuckDBDataReader reader = source.OpenReader(expressions);
        int rows = 0;
        while (reader.Read())
        {
            for (int i = 0; i < builders.Count; i++)
            {
                builders[i].Add(reader, i);
            }

            if (++rows == Array.MaxLength)
            {
                throw new UserErrorException($"'{source.Path}' must have fewer than {Array.MaxLength} rows.");
            }
        }

        return rows;
    }

    /// <summary>
    /// Turns texts that are all numbers into numbers, or all true and false into truth values, and refuses numbers with a few texts among them.
    /// </summary>
    private static DataColumn FindKind(TableSource source, TextColumn column)
    {
        if (column.Levels.Count > 0 && column.Levels.All(level => bool.TryParse(level, out _)))
        {
            sbyte[] truths = [.. column.Levels.Select(level => bool.Parse(level) ? (sbyte)1 : (sbyte)0)];
            return new BooleanColumn(column.Name, [.. column.Codes.ToArray().Select(code => code == TextColumn.Missing ? BooleanColumn.Missing : truths[code])]);
        }

        double[] numbers = new double[column.Levels.Count];
        bool[] isNumber = new bool[column.Levels.Count];
        for (int code = 0; code < numbers.Length; code++)
        {
            isNumber[code] = TryParse(column.Levels[code], out numbers[code]);
        }

        int present = 0, numeric = 0, firstText = -1;
        for (int row = 0; row < column.Count; row++)
        {
            if (!column.IsMissing(row))
            {
                present++;
                bool isHere = isNumber[column.Codes[row]];
                numeric += isHere ? 1 : 0;
                firstText = firstText < 0 && !isHere ? row : firstText;
            }
        }

        if (numeric == 0 || numeric < present * MostlyNumbers)
        {
            return column;
        }

        if (firstText >= 0)
        {
            throw new UserErrorException(
                $"{source.Locate(firstText)} must hold a number in column '{column.Name}', as {numeric} of {present} rows do, or be empty; "
                + $"it holds '{column.Format(firstText)}' (--categories names columns that hold categories).");
        }

        double[] values = new double[column.Count];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = column.IsMissing(row) ? double.NaN : numbers[column.Codes[row]];
        }

        return new NumberColumn(column.Name, values);
    }

    private static bool TryParse(string text, out double value)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return !double.IsNaN(value);
        }

        value = double.PositiveInfinity;
        return text.TrimStart('+', '-').ToUpperInvariant() is "INF" or "INFINITY";
    }

    private static void CheckFinite(TableSource source, NumberColumn column)
    {
        for (int row = 0; row < column.Count; row++)
        {
            if (double.IsInfinity(column.Values[row]))
            {
                throw new UserErrorException($"{source.Locate(row)} must hold a finite number in column '{column.Name}'; it holds an infinite one.");
            }
        }
    }

    private static string LocateAgain(string path, string[] names, int row)
    {
        using TableSource source = TableSource.Open(path, names, texts: null);
        return source.Locate(row);
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
