namespace DropoutSharp.Lab.Data;

/// <summary>What a table's column holds.</summary>
internal enum TableValueKind
{
    Number,
    Boolean,
    Text,
    Time,
}
