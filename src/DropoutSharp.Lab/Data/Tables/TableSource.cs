using DuckDB.NET.Data;

namespace DropoutSharp.Lab.Data;

/// <summary>A table in files that has been opened: its columns are known, its rows can be queried in their order.</summary>
internal sealed class TableSource : IDisposable
{
    // The outline of a CSV file is read off so many lines.
    private const int OutlineLines = 1000;

    private readonly DuckDBConnection _connection;
    private readonly TableFiles _files;
    private readonly CsvDialect? _dialect;
    private readonly IReadOnlyCollection<string> _texts;

    private TableSource(string path, DuckDBConnection connection, TableFiles files, CsvDialect? dialect, IReadOnlyCollection<string> texts)
    {
        Path = path;
        _texts = texts;
        _connection = connection;
        _files = files;
        _dialect = dialect;
    }

    /// <summary>The path as the user gave it.</summary>
    public string Path { get; }

    /// <summary>The columns in the order of the file.</summary>
    public IReadOnlyList<TableColumn> Columns { get; private set; } = [];

    /// <summary>How dates are written, where the file is text.</summary>
    public TimeFormats TimeFormats { get; private set; } = TimeFormats.Usual;

    /// <summary>Whether the file could name its columns and does not.</summary>
    public bool LacksHeader => _dialect is { HasHeader: false };

    /// <summary>Whether the file writes numbers with a comma.</summary>
    public bool HasDecimalComma => _dialect?.HasDecimalComma ?? false;

    /// <summary>Whether numbers and text are told apart by their looks, because the file says nothing of types.</summary>
    public bool IsUntyped => _files.Format == TableFormat.Csv;

    /// <summary>Opens a table and finds its columns and their types.</summary>
    /// <param name="path">A file or a glob.</param>
    /// <param name="knownNames">Names of columns of which any in the first line of a CSV file shows that it is a header.</param>
    /// <param name="texts">Columns of a CSV file that are left as text, whatever they look like; null for all.</param>
    /// <exception cref="UserErrorException">The files cannot be read.</exception>
    public static TableSource Open(string path, IReadOnlyCollection<string> knownNames, IReadOnlyCollection<string>? texts)
    {
        TableFiles files = TableFiles.Find(path);
        DuckDBConnection connection = Connect();
        try
        {
            CsvDialect? dialect = files.Format == TableFormat.Csv ? FindDialect(path, connection, files, knownNames) : null;
            TableSource source = new(path, connection, files, dialect, texts ?? []);
            source.FindColumns(withTypes: texts is not null);
            return source;
        }
        catch (DuckDBException exception)
        {
            connection.Dispose();
            throw TableErrors.Explain(exception, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a database in memory that fetches nothing from elsewhere.</summary>
    public static DuckDBConnection Connect()
    {
        DuckDBConnection connection = new("DataSource=:memory:;autoinstall_known_extensions=false;autoload_known_extensions=false");
        connection.Open();
        return connection;
    }

    /// <summary>Opens a reader of expressions for every row, in the order of the files.</summary>
    /// <param name="expressions">SQL over the columns.</param>
    /// <param name="outer">SQL over the names of the expressions, where they have any; null for the expressions themselves.</param>
    public DuckDBDataReader OpenReader(IEnumerable<string> expressions, string? outer = null)
    {
        DuckDBCommand command = _connection.CreateCommand();
        command.UseStreamingMode = true;
        string inner = $"SELECT {string.Join(", ", expressions)} FROM {Scan(_files.Paths)}";
        command.CommandText = outer is null ? inner : $"SELECT {outer} FROM ({inner})";
        return command.ExecuteReader();
    }

    /// <summary>Finds the types of a CSV file's columns.</summary>
    /// <param name="wholeFile">Whether every row is looked at, not only the first 20,480 of the first file.</param>
    public void FindCsvTypes(bool wholeFile)
    {
        string[]? types = null;
        foreach (string file in wholeFile ? _files.Paths : _files.Paths.Take(1))
        {
            (string[] found, TimeFormats formats) = Sniff(file, wholeFile);
            TimeFormats = types is null ? formats : TimeFormats;
            types = types is null ? found : [.. types.Zip(found, Common)];
        }

        Columns = [.. Columns.Zip(types!, (column, type) => column with { SqlType = IsText(column) ? "VARCHAR" : type })];
    }

    /// <summary>Names the place of a row: its file, and its line where the file has lines.</summary>
    /// <param name="row">The row, counted from 0 over all files.</param>
    public string Locate(long row)
    {
        foreach (string file in _files.Paths)
        {
            if (_dialect is null)
            {
                long rows = Scalar<long>($"SELECT count(*) FROM {Scan([file])}");
                if (row < rows)
                {
                    return $"'{file}', row {row + 1},";
                }

                row -= rows;
                continue;
            }

            foreach (long line in CsvText.RecordLines(Lines(_connection, _files, file, null), _dialect.Delimiter).Skip(_dialect.HasHeader ? 1 : 0))
            {
                if (row-- == 0)
                {
                    return $"'{file}', line {line},";
                }
            }
        }

        return $"'{Path}'";
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static CsvDialect FindDialect(string path, DuckDBConnection connection, TableFiles files, IReadOnlyCollection<string> knownNames)
    {
        CsvDialect? first = null;
        foreach (string file in files.Paths)
        {
            CsvDialect dialect = CsvDialect.Detect(file, [.. Lines(connection, files, file, OutlineLines)], knownNames);
            first ??= dialect;
            if (!dialect.Names.SequenceEqual(first.Names) || dialect.Delimiter != first.Delimiter || dialect.HasHeader != first.HasHeader)
            {
                throw new UserErrorException(
                    $"The files of '{path}' must have the same columns; those of '{files.Paths[0]}' and '{file}' differ.");
            }
        }

        return first!;
    }

    private static IEnumerable<string> Lines(DuckDBConnection connection, TableFiles files, string file, int? limit) =>
        files.Compression == Compression.Zstd ? ZstdLines(connection, file, limit) : InputFile.ReadLines(file, files.Compression).Take(limit ?? int.MaxValue);

    private static IEnumerable<string> ZstdLines(DuckDBConnection connection, string file, int? limit)
    {
        using DuckDBCommand command = connection.CreateCommand();
        command.UseStreamingMode = true;

        // The unit separator stands between no two fields, so that a field is a line.
        command.CommandText =
            $"SELECT line FROM read_csv({Sql.Path(file)}, auto_detect=false, delim=chr(31), quote='', escape='', header=false, strict_mode=false, "
            + $"columns={{'line': 'VARCHAR'}}, compression='zstd'){(limit is null ? "" : $" LIMIT {limit}")}";
        using DuckDBDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return reader.IsDBNull(0) ? "" : reader.GetString(0);
        }
    }

    private void FindColumns(bool withTypes)
    {
        if (_dialect is not null)
        {
            Columns = [.. _dialect.Names.Select(name => new TableColumn(name, "VARCHAR"))];
            if (withTypes)
            {
                FindCsvTypes(wholeFile: false);
            }

            return;
        }

        if (_files.Format == TableFormat.Parquet)
        {
            CheckParquetNames();
        }

        List<TableColumn> columns = [];
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = $"DESCRIBE SELECT * FROM {Scan(_files.Paths)}";
        using DuckDBDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            columns.Add(new TableColumn(reader.GetString(0), reader.GetString(1)));
        }

        Columns = columns;
    }

    private void CheckParquetNames()
    {
        // DuckDB gives a second column of the same name another one in silence.
        string? twice = Scalar<string?>(
            $"SELECT any_value(name) FROM parquet_schema({Sql.Path(_files.Paths[0])}) WHERE num_children IS NULL GROUP BY lower(name) HAVING count(*) > 1 LIMIT 1");
        if (twice is not null && !HasNesting())
        {
            throw new UserErrorException($"'{_files.Paths[0]}' must have columns of different names, whatever their case; it names '{twice}' twice.");
        }

        bool HasNesting() => Scalar<long>($"SELECT count(*) FROM parquet_schema({Sql.Path(_files.Paths[0])}) WHERE num_children > 0") > 1;
    }

    private bool IsText(TableColumn column) => _texts.Contains(column.Name, StringComparer.OrdinalIgnoreCase);

    private (string[] Types, TimeFormats Formats) Sniff(string file, bool wholeFile)
    {
        // Short rows are padded here only: reading refuses them, and can name the line.
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText =
            $"SELECT unnest(Columns).type, DateFormat, TimestampFormat FROM sniff_csv({Sql.Path(file)}, {CsvArguments()}, null_padding=true, "
            + $"sample_size={(wholeFile ? -1 : 20480)})";
        List<string> types = [];
        TimeFormats formats = TimeFormats.Usual;
        try
        {
            using DuckDBDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                // Yes and no stay as they are written, so that a class keeps its name; a whole number's type would round a later part away.
                types.Add(reader.GetString(0) switch { "BOOLEAN" => "VARCHAR", "BIGINT" => "DOUBLE", var type => type });
                formats = new TimeFormats(Pattern(reader, 1), Pattern(reader, 2));
            }
        }
        catch (DuckDBException)
        {
            types.Clear();
        }

        // Where no types can be found the file is uneven; reading it as text says where.
        return types.Count == Columns.Count ? ([.. types], formats) : ([.. Columns.Select(_ => "VARCHAR")], TimeFormats.Usual);

        static string? Pattern(DuckDBDataReader reader, int column) =>
            reader.IsDBNull(column) || reader.GetString(column) is not { Length: > 0 } pattern ? null : pattern;
    }

    /// <summary>The type that holds the values of both.</summary>
    private static string Common(string a, string b) =>
        a == b ? a
        : a is "DATE" or "TIMESTAMP" && b is "DATE" or "TIMESTAMP" ? "TIMESTAMP"
        : "VARCHAR";

    private T Scalar<T>(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is T value ? value : default!;
    }

    private string Scan(IEnumerable<string> paths)
    {
        string list = $"[{string.Join(", ", paths.Select(Sql.Path))}]";
        if (_dialect is null)
        {
            return _files.Format == TableFormat.Parquet
                ? $"read_parquet({list}, union_by_name=true)"
                : $"read_json({list}, union_by_name=true, sample_size=-1, compression={CompressionName(_files)})";
        }

        string columns = string.Join(", ", Columns.Select(column => $"{Sql.Text(column.Name)}: {Sql.Text(column.SqlType)}"));
        string dates = (TimeFormats.Date is { } date ? $", dateformat={Sql.Text(date)}" : "")
            + (TimeFormats.Timestamp is { } timestamp ? $", timestampformat={Sql.Text(timestamp)}" : "");
        return $"read_csv({list}, auto_detect=false, columns={{{columns}}}, {CsvArguments()}{dates}, null_padding=false, ignore_errors=false)";
    }

    private string CsvArguments() =>
        $"delim={Sql.Text(_dialect!.Delimiter.ToString())}, quote='\"', escape='\"', comment='', skip=0, header={(_dialect.HasHeader ? "true" : "false")}, "
        + $"strict_mode=true, nullstr={Sql.List(MissingText.All)}, decimal_separator={(_dialect.HasDecimalComma ? "','" : "'.'")}, "
        + $"compression={CompressionName(_files)}";

    private static string CompressionName(TableFiles files) => files.Compression switch
    {
        Compression.Gzip => "'gzip'",
        Compression.Zstd => "'zstd'",
        _ => "'uncompressed'",
    };
}
