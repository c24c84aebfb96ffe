using DuckDB.NET.Data;

namespace DropoutSharp.Lab.Data;

/// <summary>Rows of a table, read a batch at a time as the kinds of columns that the model was trained on.</summary>
internal sealed class TableRowStream : RowStream
{
    private readonly TableSource _source;
    private readonly List<WantedColumn> _wanted = [];
    private readonly List<TableColumn> _kept = [];
    private readonly ImageFeature? _image;

    public TableRowStream(string path, FeatureEncoder encoder, RowStreamOptions options)
        : base(encoder, options)
    {
        _source = TableSource.Open(path, [.. encoder.Columns.Select(column => column.Name), .. encoder.FeatureNames, encoder.Target.Name, .. encoder.Keys], texts: null);
        try
        {
            _image = encoder.Columns is [ImageFeature image] ? image : null;
            if (_image is not null)
            {
                WantPixels();
            }
            else
            {
                foreach (FeatureColumn feature in encoder.Columns)
                {
                    Want(feature.Name, KindOf(feature), "which the model was trained on");
                }
            }

            if (options.WithTarget)
            {
                Want(encoder.Target.Name, encoder.Target.Task == LearningTask.Regression ? TableValueKind.Number : TableValueKind.Text, "the target");
            }

            FindKept();
            KeptColumns = [.. _kept.Select(column => new KeptColumn(column.Name, column.SqlType))];
        }
        catch
        {
            _source.Dispose();
            throw;
        }
    }

    public override IEnumerable<RowBatch> ReadBatches()
    {
        using DuckDBDataReader reader = OpenReader();
        ColumnBuilder[] builders = [.. _wanted.Select(column => ColumnBuilder.Create(column.Name, column.Kind))];
        List<string?>[] kept = [.. _kept.Select(_ => new List<string?>())];
        long first = 0;
        for (int count = Options.BatchRows; count == Options.BatchRows; first += count)
        {
            for (count = 0; count < Options.BatchRows && ReadRow(reader); count++)
            {
                for (int i = 0; i < builders.Length; i++)
                {
                    if (reader.IsDBNull(2 * i))
                    {
                        CheckMissing(_wanted[i], reader.IsDBNull(2 * i + 1) ? null : reader.GetString(2 * i + 1), first + count);
                    }

                    builders[i].Add(reader, 2 * i);
                }

                for (int i = 0; i < kept.Length; i++)
                {
                    int ordinal = 2 * builders.Length + i;
                    kept[i].Add(reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal));
                }
            }

            if (count > 0)
            {
                yield return Build(builders, kept, first, count);
            }
            else if (first == 0)
            {
                throw new UserErrorException($"'{_source.Path}' must hold rows; it holds none.");
            }
        }
    }

    private protected override void Dispose(bool disposing)
    {
        _source.Dispose();
        base.Dispose(disposing);
    }

    private static TableValueKind KindOf(FeatureColumn feature) => feature switch
    {
        NumberFeature => TableValueKind.Number,
        BooleanFeature => TableValueKind.Boolean,
        TimeFeature => TableValueKind.Time,
        _ => TableValueKind.Text,
    };

    private static string Expected(TableValueKind kind) => kind switch
    {
        TableValueKind.Number => "a number",
        TableValueKind.Boolean => "true or false",
        TableValueKind.Time => "a date",
        _ => "text",
    };

    private void WantPixels()
    {
        string[] names = [.. _source.Columns.Select(column => column.Name)];
        if (PixelTable.Find(names) is not { } grid)
        {
            throw new UserErrorException(
                $"'{_source.Path}' must hold images, as IDX files or as columns named {Encoder.FeatureNames[0]} to {Encoder.FeatureNames[^1]}; it holds neither.");
        }

        RequireImages(_source.Path, [1, grid.Height, grid.Width]);
        foreach (string name in grid.Names)
        {
            Want(name, TableValueKind.Number, "a pixel");
        }
    }

    private void Want(string name, TableValueKind kind, string why)
    {
        TableColumn column = Find(name) ?? throw new UserErrorException(
            $"'{_source.Path}' must have a column '{name}', {why}{NearNames.List([.. _source.Columns.Select(column => column.Name)])}");
        if (column.Kind is not { } found || !Converts(found, kind))
        {
            throw new UserErrorException($"Column '{name}' of '{_source.Path}' must hold {Expected(kind)} in each row; it holds {column.SqlType}.");
        }

        // The encoder knows the column by the name it had in training, whatever its case is here.
        _wanted.Add(new WantedColumn(name, kind, column));
    }

    private TableColumn? Find(string name) =>
        _source.Columns.FirstOrDefault(column => column.Name == name)
        ?? _source.Columns.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool Converts(TableValueKind found, TableValueKind wanted) =>
        found == wanted || found == TableValueKind.Text || wanted == TableValueKind.Text
        || (found == TableValueKind.Boolean && wanted == TableValueKind.Number) || (found == TableValueKind.Number && wanted == TableValueKind.Boolean);

    private void FindKept()
    {
        if (Options.Keep.Contains(RowStreamOptions.AllColumns))
        {
            _kept.AddRange(_source.Columns);
            return;
        }

        foreach (string name in Encoder.Keys.Where(name => Find(name) is not null).Concat(Options.Keep))
        {
            TableColumn column = Find(name) ?? throw new UserErrorException(
                $"'{_source.Path}' must have a column '{name}' to carry along{NearNames.Suggest(name, [.. _source.Columns.Select(column => column.Name)])}");
            if (!_kept.Contains(column))
            {
                _kept.Add(column);
            }
        }
    }

    private DuckDBDataReader OpenReader()
    {
        // Inside: the text or value of each column; outside: that value as its kind, and the text where it could not be one.
        List<string> inner = [], outer = [];
        for (int i = 0; i < _wanted.Count; i++)
        {
            WantedColumn wanted = _wanted[i];
            bool isText = wanted.Column.Kind == TableValueKind.Text;
            inner.Add($"{(isText || wanted.Kind == TableValueKind.Text ? wanted.Column.AsText : wanted.Column.AsKind)} AS v{i}");
            string converted = Convert($"v{i}", wanted, isText);
            outer.Add(converted);
            outer.Add(isText && wanted.Kind != TableValueKind.Text ? $"CASE WHEN {converted} IS NULL THEN v{i} END" : "CAST(NULL AS VARCHAR)");
        }

        inner.AddRange(_kept.Select((column, i) => $"{column.AsText} AS k{i}"));
        outer.AddRange(_kept.Select((_, i) => $"k{i}"));
        try
        {
            return _source.OpenReader(inner, string.Join(", ", outer));
        }
        catch (DuckDBException exception)
        {
            throw TableErrors.Explain(exception, _source.Path);
        }
    }

    private string Convert(string value, WantedColumn wanted, bool isText) => wanted.Kind switch
    {
        TableValueKind.Number when isText && _source.HasDecimalComma => $"TRY_CAST(replace({value}, ',', '.') AS DOUBLE)",
        TableValueKind.Number => $"TRY_CAST({value} AS DOUBLE)",
        TableValueKind.Boolean => isText ? $"TRY_CAST(trim({value}) AS BOOLEAN)" : $"TRY_CAST({value} AS BOOLEAN)",
        TableValueKind.Time when isText => $"epoch_us(coalesce({string.Join(", ", TimeReadings($"trim({value})"))}))",
        _ => value,
    };

    /// <summary>A text as a timestamp, first as the training file wrote it.</summary>
    private IEnumerable<string> TimeReadings(string value) =>
    [
        .. new[] { Encoder.TimeFormats.Timestamp, Encoder.TimeFormats.Date }.OfType<string>().Select(format => $"try_strptime({value}, {Sql.Text(format)})"),
        $"TRY_CAST({value} AS TIMESTAMP)",
    ];

    private bool ReadRow(DuckDBDataReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (DuckDBException exception)
        {
            throw TableErrors.Explain(exception, _source.Path);
        }
    }

    private void CheckMissing(WantedColumn column, string? text, long row)
    {
        bool isPixel = _image is not null && column.Name != Encoder.Target.Name;
        if (isPixel || (text is not null && !MissingText.IsMissing(text)))
        {
            throw new UserErrorException(
                $"{_source.Locate(row)} must hold {Expected(column.Kind)} in column '{column.Name}'{(isPixel ? "" : ", or be empty")}; "
                + $"it holds {(text is null ? "nothing" : $"'{text}'")}.");
        }
    }

    private RowBatch Build(ColumnBuilder[] builders, List<string?>[] kept, long first, int count)
    {
        DataColumn[] columns = [.. builders.Select(builder => builder.Build())];
        foreach (NumberColumn column in columns.OfType<NumberColumn>())
        {
            for (int row = 0; row < count; row++)
            {
                if (double.IsInfinity(column.Values[row]))
                {
                    throw new UserErrorException($"{_source.Locate(first + row)} must hold a finite number in column '{column.Name}'; it holds an infinite one.");
                }
            }
        }

        string?[][] texts = [.. kept.Select(values => values.ToArray())];
        foreach (List<string?> values in kept)
        {
            values.Clear();
        }

        Dataset dataset = new(_source.Path, columns);
        if (_image is not null)
        {
            dataset = PixelTable.Collapse(dataset);
            dataset = dataset.With([dataset.Images!.Named(_image.Name), .. dataset.Columns.Where(column => column is not ImageColumn)]);
        }

        int[] rows = [.. Enumerable.Range(0, count)];
        return new RowBatch(first, Encoder.Encode(dataset, rows), texts);
    }

    private sealed record WantedColumn(string Name, TableValueKind Kind, TableColumn Column);
}
