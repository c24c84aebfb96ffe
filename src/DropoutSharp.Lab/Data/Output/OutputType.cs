namespace DropoutSharp.Lab.Data;

/// <summary>What a column of a file that is written holds.</summary>
public enum OutputType
{
    /// <summary>Whole numbers.</summary>
    Integer,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Text, or the text of another SQL type.</summary>
    Text,
}
