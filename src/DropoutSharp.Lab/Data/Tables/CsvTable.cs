using DuckDB.NET.Data;

namespace DropoutSharp.Lab.Data;

/// <summary>CSV files as DuckDB is told to read them: their outline and their columns' types are known, and nothing is left to be guessed.</summary>
/// <param name="connection">The database.</param>
/// <param name="files">The files.</param>
/// <param name="dialect">How they are written.</param>
/// <param name="texts">Columns that are left as text, whatever they look like.</param>
internal sealed class CsvTable(DuckDBConnection connection, TableFiles files, CsvDialect dialect, IReadOnlyCollection<string> texts)
{
    private const int SampleRows = 20480;

    // The outline of a file is read off so many lines.
    private const int OutlineLines = 1000;

    public CsvDialect Dialect { get; } = dialect;

    public IReadOnlyList<TableColumn> Columns { get; private set; } = [.. dialect.Names.Select(name => new TableColumn(name, "VARCHAR"))];

    public TimeFormats TimeFormats { get; private set; } = TimeFormats.Usual;

    /// <summary>Finds the outline of files, which must be the same for all.</summary>
    /// <exception cref="UserErrorException">A file is empty, names a column twice, or differs from the first.</exception>
    public static CsvDialect FindDialect(string path, DuckDBConnection connection, TableFiles files, IReadOnlyCollection<string> knownNames)
    {
        CsvDialect? first = null;
        foreach (string file in files.Paths)
        {
            CsvDialect dialect = CsvDialect.Detect(file, [.. Lines(connection, files, file).Take(OutlineLines)], knownNames);
            first ??= dialect;
            if (!dialect.Names.SequenceEqual(first.Names) || dialect.Delimiter != first.Delimiter || dialect.HasHeader != first.HasHeader)
            {
                throw new UserErrorException(
                    $"The files of '{path}' must have the same columns; those of '{files.Paths[0]}' and '{file}' differ.");
            }
        }

        return first!;
    }

    /// <summary>The lines on which the rows of a file start, counted from 1.</summary>
    public IEnumerable<long> RowLines(string file) =>
        CsvText.RecordLines(Lines(connection, files, file), Dialect.Delimiter).Skip(Dialect.HasHeader ? 1 : 0);

    /// <summary>Finds the types of the columns.</summary>
    /// <param name="wholeFile">Whether every row is looked at, not only the first of the first file.</param>
    public void FindTypes(bool wholeFile)
    {
        string[]? types = null;
        foreach (string file in wholeFile ? files.Paths : files.Paths.Take(1))
        {
            (string[] found, TimeFormats formats) = Sniff(file, wholeFile);
            TimeFormats = types is null ? formats : TimeFormats;
            types = types is null ? found : [.. types.Zip(found, Common)];
        }

        Columns = [.. Columns.Zip(types!, (column, type) => column with { SqlType = IsText(column) ? "VARCHAR" : type })];
    }

    /// <summary>The call that reads files.</summary>
    public string Scan(IEnumerable<string> paths)
    {
        string columns = string.Join(", ", Columns.Select(column => $"{Sql.Text(column.Name)}: {Sql.Text(column.SqlType)}"));
        string dates = (TimeFormats.Date is { } date ? $", dateformat={Sql.Text(date)}" : "")
            + (TimeFormats.Timestamp is { } timestamp ? $", timestampformat={Sql.Text(timestamp)}" : "");
        return $"read_csv([{string.Join(", ", paths.Select(Sql.Path))}], auto_detect=false, columns={{{columns}}}, {Arguments()}{dates}, "
            + "null_padding=false, ignore_errors=false)";
    }

    private static IEnumerable<string> Lines(DuckDBConnection connection, TableFiles files, string file) =>
        files.Compression == Compression.Zstd ? ZstdLines(connection, file) : InputFile.ReadLines(file, files.Compression);

    private static IEnumerable<string> ZstdLines(DuckDBConnection connection, string file)
    {
        using DuckDBCommand command = connection.CreateCommand();
        command.UseStreamingMode = true;

        // The unit separator stands between no two fields, so that a field is a line.
        command.CommandText =
            $"SELECT line FROM read_csv({Sql.Path(file)}, auto_detect=false, delim=chr(31), quote='', escape='', header=false, strict_mode=false, "
            + "columns={'line': 'VARCHAR'}, compression='zstd')";
        using DuckDBDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return reader.IsDBNull(0) ? "" : reader.GetString(0);
        }
    }

    private (string[] Types, TimeFormats Formats) Sniff(string file, bool wholeFile)
    {
        // Short rows are padded here only: reading refuses them, and can name the line.
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText =
            $"SELECT unnest(Columns).type, DateFormat, TimestampFormat FROM sniff_csv({Sql.Path(file)}, {Arguments()}, null_padding=true, "
            + $"sample_size={(wholeFile ? -1 : SampleRows)})";
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

    private bool IsText(TableColumn column) => texts.Contains(column.Name, StringComparer.OrdinalIgnoreCase);

    private string Arguments() =>
        $"delim={Sql.Text(Dialect.Delimiter.ToString())}, quote='\"', escape='\"', comment='', skip=0, header={(Dialect.HasHeader ? "true" : "false")}, "
        + $"strict_mode=true, nullstr={Sql.List(MissingText.All)}, decimal_separator={(Dialect.HasDecimalComma ? "','" : "'.'")}, "
        + $"compression={files.SqlCompression}";

    /// <summary>The type that holds the values of both.</summary>
    private static string Common(string a, string b) =>
        a == b ? a
        : a is "DATE" or "TIMESTAMP" && b is "DATE" or "TIMESTAMP" ? "TIMESTAMP"
        : "VARCHAR";
}
