using DuckDB.NET.Data;

namespace DropoutSharp.Lab.Data;

/// <summary>The files behind a path: one, or all that a glob matches.</summary>
/// <param name="Paths">The files in the order of their names.</param>
/// <param name="Format">The format of all of them.</param>
/// <param name="Compression">How all of them are compressed.</param>
internal sealed record TableFiles(IReadOnlyList<string> Paths, TableFormat Format, Compression Compression)
{
    /// <summary>The compression as DuckDB names it.</summary>
    public string SqlCompression => Compression switch
    {
        Compression.Gzip => "'gzip'",
        Compression.Zstd => "'zstd'",
        _ => "'uncompressed'",
    };

    /// <summary>Finds the files and checks that each is there, whole, and of the same format.</summary>
    /// <exception cref="UserErrorException">No file is there, or one is empty, damaged or of another format.</exception>
    public static TableFiles Find(string path)
    {
        string[] paths = File.Exists(path) ? [path] : Expand(path);
        TableFiles[] files = [.. paths.Select(Examine)];
        foreach (TableFiles file in files)
        {
            if (file.Format != files[0].Format || file.Compression != files[0].Compression)
            {
                throw new UserErrorException(
                    $"The files of '{path}' must be of one format and compression; '{paths[0]}' and '{file.Paths[0]}' differ.");
            }

            InputFile.CheckWhole(file.Paths[0], file.Compression);
        }

        return files[0] with { Paths = paths };
    }

    private static string[] Expand(string path)
    {
        if (!path.AsSpan().ContainsAny('*', '?', '['))
        {
            throw new UserErrorException($"'{path}' must be a file, a folder or a pattern; there is none of that name.");
        }

        using DuckDBConnection connection = TableSource.Connect();

        // Made absolute, so that no scheme such as http: is left that would be looked up elsewhere than on this machine.
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT file FROM glob({Sql.Text(Path.GetFullPath(path))}) ORDER BY file";
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> paths = [];
        while (reader.Read())
        {
            paths.Add(Shorten(reader.GetString(0), path));
        }

        return paths.Count > 0 ? [.. paths] : throw new UserErrorException($"Pattern '{path}' must match a file; it matches none.");
    }

    private static string Shorten(string file, string pattern) =>
        Path.IsPathRooted(pattern) ? file : Path.GetRelativePath(Directory.GetCurrentDirectory(), file);

    private static TableFiles Examine(string path)
    {
        Compression compression = InputFile.FindCompression(path);
        string name = compression == Compression.None ? path : Path.ChangeExtension(path, null);
        TableFormat format = Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" or ".tsv" or ".tab" => TableFormat.Csv,
            ".json" or ".jsonl" or ".ndjson" => TableFormat.Json,
            ".parquet" or ".pq" => TableFormat.Parquet,
            _ => compression == Compression.None ? GuessFormat(path) : TableFormat.Csv,
        };
        if (format == TableFormat.Parquet && GuessFormat(path) != TableFormat.Parquet)
        {
            throw new UserErrorException($"'{path}' must be a Parquet file, as its name says; it does not start as one.");
        }

        return new TableFiles([path], format, compression);
    }

    private static TableFormat GuessFormat(string path)
    {
        using FileStream file = InputFile.Open(path);
        Span<byte> head = stackalloc byte[64];
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        return head.StartsWith("PAR1"u8) ? TableFormat.Parquet
            : head.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] ? TableFormat.Json
            : TableFormat.Csv;
    }
}
