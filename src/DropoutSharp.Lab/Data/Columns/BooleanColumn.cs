namespace DropoutSharp.Lab.Data;

/// <summary>A column of true and false.</summary>
/// <param name="name">The column's name.</param>
/// <param name="values">One a row: 0, 1, or <see cref="Missing"/>.</param>
public sealed class BooleanColumn(string name, sbyte[] values) : DataColumn(name)
{
    /// <summary>Stands where a value is missing.</summary>
    public const sbyte Missing = -1;

    /// <summary>One a row: 0, 1, or <see cref="Missing"/>.</summary>
    public ReadOnlySpan<sbyte> Values => values;

    /// <inheritdoc/>
    public override int Count => values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => values[row] == Missing;

    /// <inheritdoc/>
    public override string Format(int row) => values[row] switch { 0 => "false", 1 => "true", _ => "" };
}
