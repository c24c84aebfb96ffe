namespace DropoutSharp.Lab.Data;

/// <summary>The format of a table that is written.</summary>
public enum OutputFormat
{
    /// <summary>Comma-separated values with a header (RFC 4180).</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    JsonLines,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}
