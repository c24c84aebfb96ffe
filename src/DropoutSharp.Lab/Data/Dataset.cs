namespace DropoutSharp.Lab.Data;

/// <summary>Rows as they were read, before anything is learned from them.</summary>
public sealed class Dataset
{
}
