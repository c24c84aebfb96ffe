using DuckDB.NET.Data;

namespace DropoutSharp.Lab.Data;

/// <summary>A table in files that has been opened: its columns are known, its rows can be queried in their order.</summary>
internal sealed class TableSource : IDisposable
{
    private readonly DuckDBConnection _connection;
    private readonly TableFiles _files;
    private readonly CsvTable? _csv;
    private readonly IReadOnlyList<TableColumn> _columns;

    private TableSource(string path, DuckDBConnection connection, TableFiles files, CsvTable? csv)
    {
        Path = path;
        _connection = connection;
        _files = files;
        _csv = csv;
        _columns = csv is null ? Describe() : [];
    }

    /// <summary>The path as the user gave it.</summary>
    public string Path { get; }

    /// <summary>The columns in the order of the file.</summary>
    public IReadOnlyList<TableColumn> Columns => _csv?.Columns ?? _columns;

    /// <summary>How dates are written, where the file is text.</summary>
    public TimeFormats TimeFormats => _csv?.TimeFormats ?? TimeFormats.Usual;

    /// <summary>Whether the file could name its columns and does not.</summary>
    public bool LacksHeader => _csv is { Dialect.HasHeader: false };

    /// <summary>Whether the file writes numbers with a comma.</summary>
    public bool HasDecimalComma => _csv is { Dialect.HasDecimalComma: true };

    /// <summary>Whether numbers and text are told apart by their looks, because the file says nothing of types.</summary>
    public bool IsUntyped => _csv is not null;

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
            CsvTable? csv = files.Format == TableFormat.Csv
                ? new CsvTable(connection, files, CsvTable.FindDialect(path, connection, files, knownNames), texts ?? [])
                : null;
            if (texts is not null)
            {
                csv?.FindTypes(wholeFile: false);
            }

            return new TableSource(path, connection, files, csv);
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

    /// <summary>Finds the types of a CSV file's columns anew, from every row.</summary>
    public void FindTypesFromAllRows() => _csv?.FindTypes(wholeFile: true);

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

    /// <summary>Names the place of a row: its file, and its line where the file has lines.</summary>
    /// <param name="row">The row, counted from 0 over all files.</param>
    public string Locate(long row)
    {
        foreach (string file in _files.Paths)
        {
            if (_csv is null)
            {
                long rows = Scalar<long>($"SELECT count(*) FROM {Scan([file])}");
                if (row < rows)
                {
                    return $"'{file}', row {row + 1},";
                }

                row -= rows;
                continue;
            }

            foreach (long line in _csv.RowLines(file))
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

    private List<TableColumn> Describe()
    {
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

        return columns;
    }

    /// <summary>Refuses two columns of one name, the second of which DuckDB would rename in silence.</summary>
    private void CheckParquetNames()
    {
        // The schema lists nested columns flat, and their parts may share names: only one without nesting can be judged by it.
        string schema = $"parquet_schema({Sql.Path(_files.Paths[0])})";
        string? twice = Scalar<string?>(
            $"SELECT any_value(name) FROM {schema} WHERE num_children IS NULL GROUP BY lower(name) HAVING count(*) > 1 LIMIT 1");
        if (twice is not null && Scalar<long>($"SELECT count(*) FROM {schema} WHERE num_children > 0") <= 1)
        {
            throw new UserErrorException(
                $"'{_files.Paths[0]}' must have columns of different names, whatever their case; it names '{twice}' twice.");
        }
    }

    private T Scalar<T>(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is T value ? value : default!;
    }

    private string Scan(IEnumerable<string> paths)
    {
        if (_csv is not null)
        {
            return _csv.Scan(paths);
        }

        string list = $"[{string.Join(", ", paths.Select(Sql.Path))}]";
        return _files.Format == TableFormat.Parquet
            ? $"read_parquet({list}, union_by_name=true)"
            : $"read_json({list}, union_by_name=true, sample_size=-1, compression={_files.SqlCompression})";
    }
}
