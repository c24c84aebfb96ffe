namespace DropoutSharp.Lab.Data;

/// <summary>A column of a table's file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SqlType">Its type as DuckDB names it.</param>
internal sealed record TableColumn(string Name, string SqlType)
{
    /// <summary>The column in an expression.</summary>
    public string Sql => Data.Sql.Name(Name);

    /// <summary>What the column's values are, or null where they are nothing that can become a feature.</summary>
    public TableValueKind? Kind => SqlType switch
    {
        "BOOLEAN" => TableValueKind.Boolean,
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT"
            or "FLOAT" or "DOUBLE" or "TIME" or "INTERVAL" => TableValueKind.Number,
        "DATE" => TableValueKind.Time,
        "VARCHAR" or "UUID" or "JSON" => TableValueKind.Text,
        _ when SqlType.StartsWith("DECIMAL", StringComparison.Ordinal) && !SqlType.EndsWith(']') => TableValueKind.Number,
        _ when SqlType.StartsWith("TIMESTAMP", StringComparison.Ordinal) && !SqlType.EndsWith(']') => TableValueKind.Time,
        _ when SqlType.StartsWith("ENUM", StringComparison.Ordinal) && !SqlType.EndsWith(']') => TableValueKind.Text,
        _ => null,
    };

    /// <summary>The column as the one SQL type of its kind: BOOLEAN, DOUBLE, microseconds as BIGINT, or VARCHAR.</summary>
    public string AsKind => Kind switch
    {
        TableValueKind.Boolean => Sql,
        TableValueKind.Number when SqlType == "TIME" => $"date_part('epoch', {Sql}) / 3600",
        TableValueKind.Number when SqlType == "INTERVAL" => $"epoch({Sql})",
        TableValueKind.Number => $"CAST({Sql} AS DOUBLE)",
        TableValueKind.Time => AsMicroseconds(Sql),
        _ => AsText,
    };

    /// <summary>The column as text, without the quotes of a JSON string.</summary>
    public string AsText => SqlType == "JSON" ? $"({Sql} ->> '$')" : $"CAST({Sql} AS VARCHAR)";

    /// <summary>A date or timestamp as microseconds since the start of 1970; one with a time zone as in UTC.</summary>
    /// <param name="sql">The expression.</param>
    private string AsMicroseconds(string sql) =>
        SqlType == "TIMESTAMP WITH TIME ZONE" ? $"epoch_us({sql})" : $"epoch_us(CAST({sql} AS TIMESTAMP))";
}
