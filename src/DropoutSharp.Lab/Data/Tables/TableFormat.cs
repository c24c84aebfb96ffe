namespace DropoutSharp.Lab.Data;

/// <summary>The format of a table's file.</summary>
internal enum TableFormat
{
    Csv,
    Json,
    Parquet,
}
