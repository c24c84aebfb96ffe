namespace DropoutSharp.Lab.Data;

/// <summary>One value of a row that is written.</summary>
public readonly record struct OutputCell
{
    private OutputCell(long integer, double number, string? text) => (Integer, Number, Text) = (integer, number, text);

    /// <summary>The value of a column of whole numbers.</summary>
    public long Integer { get; }

    /// <summary>The value of a column of numbers; one that is not finite is written as missing.</summary>
    public double Number { get; }

    /// <summary>The value of a column of text; null is written as missing.</summary>
    public string? Text { get; }

    /// <summary>A whole number.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator OutputCell(long value) => new(value, 0, null);

    /// <summary>A number.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator OutputCell(double value) => new(0, value, null);

    /// <summary>A text.</summary>
    /// <param name="value">The value; null for a missing one.</param>
    public static implicit operator OutputCell(string? value) => new(0, 0, value);

    /// <summary>A whole number.</summary>
    /// <param name="value">The value.</param>
    public static OutputCell FromInt64(long value) => value;

    /// <summary>A number.</summary>
    /// <param name="value">The value.</param>
    public static OutputCell FromDouble(double value) => value;

    /// <summary>A text.</summary>
    /// <param name="value">The value; null for a missing one.</param>
    public static OutputCell FromString(string? value) => value;
}
