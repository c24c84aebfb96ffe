namespace DropoutSharp.Lab.Data;

/// <summary>The texts that stand for "no value" in files of text.</summary>
internal static class MissingText
{
    /// <summary>What R, pandas, databases and the UCI repository write.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "", "?", "NA", "N/A", "n/a", "<NA>", "#N/A", "#NA", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None",
    ];

    private static readonly HashSet<string> Set = new(All, StringComparer.Ordinal);

    /// <summary>Whether a text stands for "no value"; spaces around it do not count.</summary>
    public static bool IsMissing(string text) => Set.Contains(text.Trim());
}
