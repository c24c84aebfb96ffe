namespace DropoutSharp.Lab.Data;

/// <summary>A column of a file that is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds.</param>
/// <param name="SqlType">For text: the type that the text is of, as DuckDB names it, which formats with types keep.</param>
public sealed record OutputColumn(string Name, OutputType Type, string SqlType = "VARCHAR")
{
    /// <summary>Whether a value of text can stand as a number in JSON.</summary>
    internal bool IsNumericText => new TableColumn(Name, SqlType).Kind == TableValueKind.Number && SqlType is not ("TIME" or "INTERVAL");
}
