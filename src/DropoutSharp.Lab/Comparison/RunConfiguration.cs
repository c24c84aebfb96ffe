using System.Text.Json;
using System.Text.Json.Nodes;

namespace DropoutSharp.Lab.Comparison;

/// <summary>What a run folder was made with.</summary>
public sealed record RunConfiguration
{
    /// <summary>The version of run folders that is written and read here.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The folder's version.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The data.</summary>
    public required DataIdentity Data { get; init; }

    /// <summary>What is compared and how, with nothing left open.</summary>
    public required ComparisonOptions Options { get; init; }

    /// <summary>Where the data came from and how it was read, in the words of whoever made the folder; not compared.</summary>
    public IReadOnlyDictionary<string, string> Source { get; init; } = new Dictionary<string, string>();

    /// <summary>The first setting in which two configurations would train or judge differently, as in "training.epochs is 60 there and 80 here".</summary>
    /// <param name="other">The configuration here.</param>
    /// <returns>Null where the two are alike.</returns>
    public string? DifferenceTo(RunConfiguration other) =>
        Difference(Comparable(this with { Options = Options with { Workers = null } }), Comparable(other with { Options = other.Options with { Workers = null } }), "");

    private static JsonObject Comparable(RunConfiguration configuration) => new JsonObject
    {
        ["data"] = JsonSerializer.SerializeToNode(configuration.Data, LabJson.OneLine),
        ["options"] = JsonSerializer.SerializeToNode(configuration.Options, LabJson.OneLine),
    };

    private static string? Difference(JsonNode? there, JsonNode? here, string path)
    {
        if (there is JsonObject left && here is JsonObject right)
        {
            return left.Select(property => property.Key).Union(right.Select(property => property.Key))
                .Select(name => Difference(left[name], right[name], path.Length == 0 ? name : $"{path}.{name}"))
                .FirstOrDefault(difference => difference is not null);
        }

        return JsonNode.DeepEquals(there, here) ? null
            : path.EndsWith(".content", StringComparison.Ordinal) ? "the values of the data differ"
            : $"{path} is {Text(there)} there and {Text(here)} here";
    }

    private static string Text(JsonNode? node) => node?.ToJsonString(LabJson.OneLine) ?? "not set";
}
