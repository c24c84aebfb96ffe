using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Models;

/// <summary>What <c>model.json</c> holds.</summary>
/// <remarks>
/// The checksum is SHA-256 over the file's bytes with the checksum's own digits taken as zeros, so that any damaged byte is noticed.
/// </remarks>
internal sealed record ModelFile(
    string Format, int Version, string Checksum, string Library, ModelWeightsFile Weights, string Data, ulong Seed, NetworkBlueprint Network,
    NoiseDeviations Noise, JsonElement Encoder, ModelCalibrationFile? Calibration = null,
    EnsembleDescription? Ensemble = null)
{
    public const string FormatName = "DropoutSharp model";
    public const int CurrentVersion = 3; // Since 2 with a calibration, since 3 perhaps of sub-networks.

    private const int MostMembers = 10_000;

    // No description of a model is near this; a longer file is something else.
    private const long MaximumLength = 1 << 28;

    private static readonly string NoChecksum = new('0', SHA256.HashSizeInBytes * 2);

    private static readonly JsonDocumentOptions Parsing = new() { AllowDuplicateProperties = false };

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    public static ModelFile Of(ModelDescription description, ModelWeightsFile weights) => new(
        FormatName, CurrentVersion, NoChecksum, description.LibraryVersion, weights, description.DataName, description.Seed,
        description.Blueprint, description.Noise, description.Encoder.ToJson(), ModelCalibrationFile.Of(description.Calibration), description.Ensemble);

    public byte[] ToBytes()
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(this, Json);
        string checksum = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Encoding.ASCII.GetBytes(checksum).CopyTo(bytes, PlaceOf(bytes, NoChecksum));
        return bytes;
    }

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is damaged or of a newer version; the message is the rest of a sentence that starts with the file's name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFile Read(string path)
    {
        if (new FileInfo(path).Length > MaximumLength)
        {
            throw new InvalidDataException($"must have at most {MaximumLength} bytes");
        }

        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, Parsing);
            CheckHead(document.RootElement);
            CheckSum(bytes, document.RootElement.GetProperty("checksum").GetString()!);
            return document.RootElement.Deserialize<ModelFile>(Json) ?? throw new InvalidDataException("must not be null");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"must be the JSON of a model; {exception.Message.Split('\n')[0].TrimEnd('.')}", exception);
        }
    }

    /// <summary>The description, once its parts are known to fit each other.</summary>
    /// <exception cref="InvalidDataException">They do not.</exception>
    public ModelDescription Describe()
    {
        FeatureEncoder encoder = FeatureEncoder.FromJson(Encoder);
        int outputs = encoder.Target.Task == LearningTask.Classification ? encoder.Target.Classes.Count : 1;
        if (!encoder.Shape.SequenceEqual(Network.RowShape))
        {
            throw new InvalidDataException(
                $"must describe a network whose inputs fit its columns; they are [{string.Join(", ", Network.RowShape)}] and [{string.Join(", ", encoder.Shape)}]");
        }

        if (Network.Outputs != outputs)
        {
            throw new InvalidDataException($"must describe a network of {outputs} outputs, as its target asks for; it has {Network.Outputs}");
        }

        if (!(Network.DropRate is >= 0 and < 1) || Network.Network.Kind is null)
        {
            throw new InvalidDataException("must describe a network of a kind with a drop rate in [0, 1)");
        }

        return IsDeviation(Noise.Plain) && IsDeviation(Noise.MonteCarlo)
            ? new ModelDescription
            {
                Blueprint = Network,
                Encoder = encoder,
                Seed = Seed,
                Noise = Noise,
                DataName = Data,
                Calibration = Calibration?.ToCalibration(),
                Ensemble = Ensemble is null || (Ensemble.Passes.Count is > 0 and <= MostMembers && Ensemble.Passes.All(static pass => pass >= 0))
                    ? Ensemble
                    : throw new InvalidDataException($"must have 1 to {MostMembers} sub-networks"),
                LibraryVersion = Library,
            }
            : throw new InvalidDataException("must have a finite noise of at least 0");

        static bool IsDeviation(double value) => double.IsFinite(value) && value >= 0;
    }

    private static void CheckHead(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "format") != FormatName)
        {
            throw new InvalidDataException($"must say that its format is '{FormatName}'");
        }

        if (!root.TryGetProperty("version", out JsonElement version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number) || number < 1)
        {
            throw new InvalidDataException("must have a version");
        }

        if (number > CurrentVersion)
        {
            throw new InvalidDataException(
                $"must be of version {CurrentVersion} or below; it is of version {number}, written by DropoutSharp {Text(root, "library") ?? "of another version"}");
        }

        if (Text(root, "checksum") is not { } checksum || checksum.Length != NoChecksum.Length)
        {
            throw new InvalidDataException("must have a checksum");
        }
    }

    private static void CheckSum(byte[] bytes, string checksum)
    {
        int place = PlaceOf(bytes, checksum);
        byte[] without = [.. bytes];
        if (place >= 0)
        {
            Encoding.ASCII.GetBytes(NoChecksum).CopyTo(without, place);
        }

        if (place < 0 || Convert.ToHexStringLower(SHA256.HashData(without)) != checksum)
        {
            throw new InvalidDataException("must be as it was written; it is damaged or was changed: its checksum does not fit");
        }
    }

    private static int PlaceOf(byte[] bytes, string checksum) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(checksum));

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
