using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Data;

namespace DropoutSharp.Cli.Comparing;

/// <summary>Where the data of a run came from and how they were read: what a resume needs to read them again.</summary>
/// <param name="DataPath">A file, a glob or a folder; null for the digits. As it was given, and full once it has been saved.</param>
/// <param name="Options">How they are read and split.</param>
internal sealed record RunSource(string? DataPath, DatasetOptions Options)
{
    private const string PathKey = "data";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The source that a run was made with.</summary>
    /// <param name="saved">What <see cref="ToSaved"/> gave.</param>
    /// <param name="folder">The run's folder, for errors.</param>
    /// <exception cref="UserErrorException">It is not what a run writes.</exception>
    public static RunSource FromSaved(IReadOnlyDictionary<string, string> saved, string folder)
    {
        try
        {
            JsonObject options = new(saved.Where(static pair => pair.Key != PathKey).Select(static pair => KeyValuePair.Create(pair.Key, JsonNode.Parse(pair.Value))));
            return new(saved.GetValueOrDefault(PathKey), options.Deserialize<DatasetOptions>(Json) ?? new());
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"A run to resume must say how its data were read; the configuration of {folder} is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>The source as words for a run's configuration.</summary>
    public IReadOnlyDictionary<string, string> ToSaved()
    {
        JsonObject options = (JsonObject)JsonSerializer.SerializeToNode(Options, Json)!;
        Dictionary<string, string> saved = options.ToDictionary(static pair => pair.Key, static pair => pair.Value?.ToJsonString() ?? "null");
        if (DataPath is not null && (DataPath != "digits" || Path.Exists(DataPath)))
        {
            saved[PathKey] = Path.GetFullPath(DataPath);
        }

        return saved;
    }
}
