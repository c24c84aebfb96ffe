namespace DropoutSharp.Lab.Data;

/// <summary>Rows as a network takes them: numbers only, everything learned from the data already applied.</summary>
/// <param name="Features">Row-major, <see cref="Count"/> × the product of <paramref name="Shape"/>.</param>
/// <param name="Shape">The shape of one row: <c>[features]</c> for a table, <c>[channels, height, width]</c> for images.</param>
/// <param name="Targets">One a row: the class index for classification, the standardised value for regression.</param>
/// <param name="RowNumbers">Where each row stands in its data set, counted from 0.</param>
public sealed record EncodedRows(float[] Features, IReadOnlyList<int> Shape, float[] Targets, int[] RowNumbers)
{
    /// <summary>The number of rows.</summary>
    public int Count => RowNumbers.Length;
}
