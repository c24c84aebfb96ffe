using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Comparison;

/// <summary>How a run's files are written: names as in C# with a small first letter, numbers that come back exactly, NaN and ∞ by name.</summary>
internal static class LabJson
{
    public static JsonSerializerOptions Indented { get; } = Create(true);

    public static JsonSerializerOptions OneLine { get; } = Create(false);

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = indented,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}
