namespace DropoutSharp.Lab.Data;

/// <summary>A column that is carried along from the data to the predictions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SqlType">Its type as DuckDB names it; VARCHAR for files of text.</param>
public sealed record KeptColumn(string Name, string SqlType);
