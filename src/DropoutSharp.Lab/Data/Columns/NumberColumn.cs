using System.Globalization;

namespace DropoutSharp.Lab.Data;

/// <summary>A column of finite numbers.</summary>
/// <param name="name">The column's name.</param>
/// <param name="values">One a row; NaN where the value is missing.</param>
public sealed class NumberColumn(string name, double[] values) : DataColumn(name)
{
    /// <summary>One a row; NaN where the value is missing.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <inheritdoc/>
    public override int Count => values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(values[row]);

    /// <inheritdoc/>
    public override string Format(int row) => IsMissing(row) ? "" : Format(values[row]);

    /// <summary>A number as text from which the same number can be read again.</summary>
    /// <param name="value">The number.</param>
    internal static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
