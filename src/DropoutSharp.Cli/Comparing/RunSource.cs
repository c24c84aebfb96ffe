using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Data;

namespace DropoutSharp.Cli.Comparing;

/// <summary>Where the data of a run came from and how they were read: what a resume needs to read them again.</summary>
/// <param name="DataPath">The full path, or null for the digits.</param>
/// <param name="Options">How they are read and split.</param>
internal sealed record RunSource(string? DataPath, DatasetOptions Options)
{
    private const string PathKey = "data";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The source of data at a path as a person gave it.</summary>
    /// <param name="path">A file, a glob, a folder, or null.</param>
    /// <param name="options">How the data are read and split.</param>
    public static RunSource Of(string? path, DatasetOptions options) =>
        new(path is null || path == "digits" && !Path.Exists(path) ? null : Path.GetFullPath(path), options);

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
        if (DataPath is not null)
        {
            saved[PathKey] = DataPath;
        }

        return saved;
    }
}
