namespace DropoutSharp.Lab.Data;

/// <summary>A column as it was read: one value a row, some of which may be missing.</summary>
/// <param name="name">The column's name.</param>
public abstract class DataColumn(string name)
{
    /// <summary>The column's name.</summary>
    public string Name { get; } = name;

    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>Whether a row has no value here.</summary>
    /// <param name="row">The row, counted from 0.</param>
    public abstract bool IsMissing(int row);

    /// <summary>A row's value as text for a person; empty where it is missing.</summary>
    /// <param name="row">The row, counted from 0.</param>
    public abstract string Format(int row);
}
