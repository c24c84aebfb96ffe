using System.IO.Compression;

namespace DropoutSharp.Lab.Data;

/// <summary>Writes a table row by row, so that it may be larger than memory. A file appears under its name only once it is whole.</summary>
public abstract class TableWriter : IDisposable
{
    private protected TableWriter(IReadOnlyList<OutputColumn> columns)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (OutputColumn column in columns)
        {
            if (!seen.Add(column.Name))
            {
                throw new UserErrorException($"The columns that are written must have different names; '{column.Name}' is there twice.");
            }
        }

        Columns = columns;
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>The format that a file's name stands for.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UserErrorException">The name ends in none that is known.</exception>
    public static OutputFormat FormatOf(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        OutputFormat? format = Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" => OutputFormat.Csv,
            ".jsonl" or ".ndjson" => OutputFormat.JsonLines,
            ".parquet" or ".pq" when name == path => OutputFormat.Parquet,
            _ => null,
        };
        return format ?? throw new UserErrorException($"Output must end in .csv, .jsonl (either also with .gz) or .parquet; received '{path}'.");
    }

    /// <summary>Writes to a file whose name says the format.</summary>
    /// <param name="path">The file; replaced once the new one is whole.</param>
    /// <param name="columns">The columns.</param>
    /// <exception cref="UserErrorException">The name ends in none that is known, the file cannot be written, or two columns have one name.</exception>
    public static TableWriter Create(string path, IReadOnlyList<OutputColumn> columns)
    {
        OutputFormat format = FormatOf(path);
        PendingFile file = new(path);
        try
        {
            return format == OutputFormat.Parquet ? new ParquetTableWriter(file, columns) : CreateText(file.Open(), format, columns, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes to a stream, such as the standard output.</summary>
    /// <param name="stream">The stream; it is flushed, not closed.</param>
    /// <param name="format">CSV or JSON lines.</param>
    /// <param name="columns">The columns.</param>
    /// <exception cref="UserErrorException">The format is Parquet, or two columns have one name.</exception>
    public static TableWriter Create(Stream stream, OutputFormat format, IReadOnlyList<OutputColumn> columns) =>
        format == OutputFormat.Parquet
            ? throw new UserErrorException("Parquet must be written to a file; name one.")
            : CreateText(stream, format, columns, null);

    /// <summary>Writes a row.</summary>
    /// <param name="cells">One a column.</param>
    public abstract void Write(ReadOnlySpan<OutputCell> cells);

    /// <summary>Ends the table and puts the file in its place. Without it, disposing leaves nothing behind.</summary>
    public abstract void Complete();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected abstract void Dispose(bool disposing);

    private static TextTableWriter CreateText(Stream stream, OutputFormat format, IReadOnlyList<OutputColumn> columns, PendingFile? file)
    {
        Stream target = file is not null && file.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true)
            : stream;
        return format == OutputFormat.Csv ? new CsvTableWriter(target, columns, file) : new JsonLinesTableWriter(target, columns, file);
    }
}
