using System.Globalization;
using System.IO.Compression;
using DuckDB.NET.Data;

namespace DropoutSharp.Lab.Tests;

/// <summary>A folder for the files of one test, gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("dropoutsharp-").FullName;

    public string PathOf(string name) => Path.Combine(FullName, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    public string WriteLines(string name, IEnumerable<string> lines) => Write(name, string.Join('\n', lines) + "\n");

    public string WriteGzip(string name, byte[] content) => Write(name, Gzip(content));

    /// <summary>Lets DuckDB write a file, in the format that its name says.</summary>
    public string Copy(string name, string sql)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"COPY ({sql}) TO '{PathOf(name)}'";
        command.ExecuteNonQuery();
        return PathOf(name);
    }

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream result = new();
        using (GZipStream gzip = new(result, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return result.ToArray();
    }

    public static byte[] Idx(int[] sizes, byte[] content) =>
    [
        0, 0, 8, (byte)sizes.Length,
        .. sizes.SelectMany(size => BitConverter.GetBytes(size).Reverse()),
        .. content,
    ];

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
