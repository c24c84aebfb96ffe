using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The header of a safetensors file, every claim of it checked.</summary>
/// <param name="Entries">The tensors in the order of their data.</param>
/// <param name="Metadata">The file's own texts, without the checksum's.</param>
/// <param name="Checksum">The file's checksum, or null.</param>
/// <param name="ChecksumOffset">Where in the header's bytes the checksum's digits start.</param>
/// <param name="DataLength">How many bytes of data belong to it.</param>
internal sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsHeader.Entry> Entries,
    IReadOnlyDictionary<string, string> Metadata,
    string? Checksum,
    int ChecksumOffset,
    long DataLength)
{
    public const string MetadataName = "__metadata__";

    /// <summary>The metadata's text that says that there is a checksum, and of what kind. One damaged bit cannot remove both it and the checksum.</summary>
    public const string AlgorithmName = "checksum_algorithm";

    /// <summary>The metadata's text with the checksum: 64 hexadecimal digits.</summary>
    public const string ChecksumName = "checksum";

    public const string Algorithm = "sha256";

    public const int ChecksumDigits = 64;

    /// <summary>Reads and checks a header.</summary>
    /// <param name="bytes">The header's bytes.</param>
    /// <exception cref="FormatException">What is wrong, as the rest of a sentence that starts with the file's name.</exception>
    public static SafetensorsHeader Read(byte[] bytes)
    {
        if (bytes.Length == 0 || bytes[0] != '{' || !Utf8.IsValid(bytes))
        {
            throw new FormatException("has a header that is no JSON object");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(document.RootElement, bytes);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException($"has a header that is no valid JSON ({FirstLine(exception.Message)})", exception);
        }
    }

    private static SafetensorsHeader Read(JsonElement root, byte[] bytes)
    {
        Dictionary<string, string> metadata = [];
        List<Entry> entries = [];
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.Name == MetadataName)
            {
                metadata = ReadMetadata(property.Value);
            }
            else
            {
                entries.Add(ReadEntry(property.Name, property.Value));
            }
        }

        entries.Sort((a, b) => (a.Start, a.End, a.Name).CompareTo((b.Start, b.End, b.Name)));
        long end = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Start != end)
            {
                throw new FormatException(
                    $"has {(entry.Start < end ? "overlapping data" : "unused bytes")} before tensor \"{entry.Name}\": it starts at {entry.Start} and must start at {end}");
            }

            end = entry.End;
        }

        metadata.Remove(AlgorithmName, out string? algorithm);
        metadata.Remove(ChecksumName, out string? checksum);
        if ((algorithm is null) != (checksum is null) || algorithm is not (null or Algorithm) || checksum is not (null or { Length: ChecksumDigits }))
        {
            throw new FormatException("has a damaged checksum entry");
        }

        return new SafetensorsHeader(entries, metadata, checksum, checksum is null ? -1 : FindChecksum(bytes), end);
    }

    private static Dictionary<string, string> ReadMetadata(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"has a {MetadataName} that is no object of texts");
        }

        Dictionary<string, string> metadata = [];
        foreach (JsonProperty property in value.EnumerateObject())
        {
            metadata.Add(
                property.Name,
                property.Value.ValueKind == JsonValueKind.String
                    ? property.Value.GetString()!
                    : throw new FormatException($"has a {MetadataName} whose \"{property.Name}\" is no text"));
        }

        return metadata;
    }

    private static Entry ReadEntry(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object
            || value.EnumerateObject().Count() != 3
            || !value.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out JsonElement shape) || ReadNumbers(shape) is not long[] sizes
            || !value.TryGetProperty("data_offsets", out JsonElement offsets) || ReadNumbers(offsets) is not [long start, long end])
        {
            throw new FormatException($"describes tensor \"{name}\" by something other than dtype, shape and two data_offsets");
        }

        (ScalarType type, int size) = SafetensorsType.Find(dtype.GetString()!)
            ?? throw new FormatException($"has tensor \"{name}\" of type {dtype.GetString()}; the types that can be read are {SafetensorsType.Names}");
        Int128 length = sizes.Aggregate((Int128)size, (product, extent) => product > long.MaxValue ? product : product * extent);
        return sizes.Contains(0) && start == end || length == (Int128)end - start
            ? new Entry(name, type, sizes, start, end)
            : throw new FormatException(
                $"has tensor \"{name}\" of type {dtype.GetString()} and shape [{string.Join(", ", sizes)}] with {(Int128)end - start} bytes of data");
    }

    /// <summary>An array of whole numbers of 0 or more, or null where it is anything else.</summary>
    private static long[]? ReadNumbers(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        List<long> numbers = [];
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
            {
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static int FindChecksum(byte[] bytes)
    {
        Utf8JsonReader reader = new(bytes);
        bool inMetadata = false, next = false;
        while (reader.Read())
        {
            if (next)
            {
                return reader.ValueSpan.Length == ChecksumDigits ? (int)reader.TokenStartIndex + 1 : throw new FormatException("has a damaged checksum entry");
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                inMetadata = reader.CurrentDepth == 1 ? reader.ValueTextEquals(MetadataName) : inMetadata;
                next = inMetadata && reader.CurrentDepth == 2 && reader.ValueTextEquals(ChecksumName);
            }
        }

        throw new FormatException("has a damaged checksum entry");
    }

    private static string FirstLine(string message) => message.Split('\n')[0].TrimEnd('.', '\r');

    /// <summary>One tensor's place in the data.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Type">Its element type.</param>
    /// <param name="Shape">Its shape.</param>
    /// <param name="Start">Where its bytes start, counted from the start of the data.</param>
    /// <param name="End">Where they end.</param>
    internal sealed record Entry(string Name, ScalarType Type, long[] Shape, long Start, long End);

    /// <summary>Writes a header, padded with spaces so that the data start at a multiple of 8 bytes.</summary>
    /// <param name="entries">The tensors in the order of their data.</param>
    /// <param name="metadata">The file's own texts.</param>
    /// <param name="checksumOffset">Where the checksum's digits start; zeros are written there, for the digits to replace.</param>
    public static byte[] Write(IEnumerable<Entry> entries, IReadOnlyDictionary<string, string> metadata, out int checksumOffset)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataName);
            json.WriteString(AlgorithmName, Algorithm);
            json.WriteString(ChecksumName, new string('0', ChecksumDigits));
            foreach ((string key, string value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            foreach (Entry entry in entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", SafetensorsType.Find(entry.Type)!.Value.Name);
                WriteNumbers(json, "shape", entry.Shape);
                WriteNumbers(json, "data_offsets", [entry.Start, entry.End]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        stream.Write(Encoding.UTF8.GetBytes(new string(' ', (int)((8 - (stream.Length % 8)) % 8))));
        byte[] bytes = stream.ToArray();
        checksumOffset = FindChecksum(bytes);
        return bytes;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
