namespace DropoutSharp.Lab.Data;

/// <summary>Some rows of a stream.</summary>
/// <param name="FirstRow">Where the first of them stands in the stream, counted from 0.</param>
/// <param name="Rows">The rows as numbers; their row numbers count from 0 in this batch.</param>
/// <param name="Kept">One a column that is carried along: its values as text, null where one is missing.</param>
public sealed record RowBatch(long FirstRow, EncodedRows Rows, IReadOnlyList<string?[]> Kept);
