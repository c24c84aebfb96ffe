using DuckDB.NET.Data;

namespace DropoutSharp.Lab.Data;

/// <summary>Writes Parquet: rows are gathered in a temporary database on disk, which DuckDB copies out at the end.</summary>
internal sealed class ParquetTableWriter : TableWriter
{
    private readonly PendingFile _file;
    private readonly string _database;
    private readonly DuckDBConnection _connection;
    private DuckDBAppender? _appender;

    public ParquetTableWriter(PendingFile file, IReadOnlyList<OutputColumn> columns)
        : base(columns)
    {
        _file = file;
        file.Reserve(); // A folder that does not exist or cannot be written is known before any work is done.
        _database = file.TemporaryPath + ".db";
        _connection = new DuckDBConnection($"DataSource={_database}");
        _connection.Open();
        Execute($"CREATE TABLE rows ({string.Join(", ", columns.Select((column, i) => $"c{i} {SqlType(column)}"))})");
        _appender = _connection.CreateAppender("rows");
    }

    public override void Write(ReadOnlySpan<OutputCell> cells)
    {
        IDuckDBAppenderRow row = _appender!.CreateRow();
        for (int i = 0; i < Columns.Count; i++)
        {
            switch (Columns[i].Type)
            {
                case OutputType.Integer:
                    row.AppendValue(cells[i].Integer);
                    break;

                case OutputType.Number when double.IsFinite(cells[i].Number):
                    row.AppendValue(cells[i].Number);
                    break;

                case OutputType.Text when cells[i].Text is { } text:
                    row.AppendValue(text);
                    break;

                default:
                    row.AppendNullValue();
                    break;
            }
        }

        row.EndRow();
    }

    public override void Complete()
    {
        _appender?.Dispose();
        _appender = null;
        string list = string.Join(", ", Columns.Select((column, i) => $"{Cast(column, $"c{i}")} AS {Sql.Name(column.Name)}"));
        Execute($"COPY (SELECT {list} FROM rows) TO {Sql.Text(Path.GetFullPath(_file.TemporaryPath))} (FORMAT parquet, COMPRESSION zstd)");
        _file.Complete();
    }

    private protected override void Dispose(bool disposing)
    {
        _appender?.Dispose();
        _connection.Dispose();
        File.Delete(_database);
        File.Delete(_database + ".wal");
        _file.Dispose();
    }

    private static string SqlType(OutputColumn column) => column.Type switch
    {
        OutputType.Integer => "BIGINT",
        OutputType.Number => "DOUBLE",
        _ => "VARCHAR",
    };

    private static string Cast(OutputColumn column, string sql) =>
        column.Type == OutputType.Text && column.SqlType is not ("VARCHAR" or "JSON") ? $"CAST({sql} AS {column.SqlType})" : sql;

    private void Execute(string sql)
    {
        try
        {
            using DuckDBCommand command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
        catch (DuckDBException exception)
        {
            throw new UserErrorException($"'{_file.Path}' must be a file that can be written; {exception.Message.Split('\n')[0].TrimEnd('.')}.", exception);
        }
    }
}
