namespace DropoutSharp.Lab.Data;

/// <summary>Writes texts and names into SQL so that nothing in them is read as SQL.</summary>
internal static class Sql
{
    public static string Text(string value) => $"'{value.Replace("'", "''")}'";

    public static string Name(string value) => $"\"{value.Replace("\"", "\"\"")}\"";

    public static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Text))}]";

    /// <summary>A path that means itself even where it holds characters of a pattern.</summary>
    public static string Path(string path) =>
        Text(System.IO.Path.GetFullPath(path).Replace("[", "[[]").Replace("*", "[*]").Replace("?", "[?]"));
}
