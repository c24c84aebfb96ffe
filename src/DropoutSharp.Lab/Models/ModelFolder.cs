using System.Security.Cryptography;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;
using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Models;

/// <summary>Saves a model as a folder and loads it again: <c>model.json</c>, and the weights as safetensors.</summary>
/// <remarks>
/// <c>model.json</c> is written last and names the file of its weights, their length and their SHA-256. Where a model is replaced, the new weights
/// take another name beside the old ones, so that the folder holds the old model whole or the new one whole at any moment.
/// </remarks>
public static class ModelFolder
{
    /// <summary>The file that describes the model.</summary>
    public const string DescriptionName = "model.json";

    private static readonly string[] WeightNames = ["weights.safetensors", "weights-2.safetensors"];

    /// <summary>Saves a model.</summary>
    /// <param name="path">The folder; it is made where it does not exist, and a model in it is replaced.</param>
    /// <param name="description">Everything but the weights.</param>
    /// <param name="network">The network that the description's blueprint builds, with its weights.</param>
    /// <exception cref="UserErrorException">The folder cannot be written.</exception>
    public static void Save(string path, ModelDescription description, Network network)
    {
        try
        {
            Directory.CreateDirectory(path);
            string? replaced = CurrentWeights(path);
            string weights = WeightNames[0] == replaced ? WeightNames[1] : WeightNames[0];
            string file = Path.Combine(path, weights);
            ModuleWeights.Save(file, network);
            ModelWeightsFile written = new(weights, new FileInfo(file).Length, HashOf(file));
            byte[] json = ModelFile.Of(description, written).ToBytes();
            AtomicFile.Write(Path.Combine(path, DescriptionName), stream => stream.Write(json));
            if (WeightNames.Contains(replaced))
            {
                File.Delete(Path.Combine(path, replaced!));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CheckpointException)
        {
            throw new UserErrorException($"Model folder '{path}' must be one that can be written; {FirstLine(exception)}.", exception);
        }
    }

    /// <summary>Loads a model. Everything is checked before anything is used.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="UserErrorException">There is no model, it is damaged, or it is of a newer version; the message is one sentence.</exception>
    public static Model Load(string path)
    {
        ModelFile file = ReadFile(path);
        string json = Path.Combine(path, DescriptionName), weights = CheckWeights(path, file.Weights);
        Network? network = null;
        try
        {
            ModelDescription description = file.Describe();
            CheckNetwork(description.Blueprint);
            TrialKeys keys = new(description.Seed);
            network = description.Ensemble is null ? description.Blueprint.Build(keys.Weights, keys.Masks) : EnsembleNetwork.Create(description, null);
            ModuleWeights.Load(weights, network, requireChecksum: true);
            network.eval();
            return new Model(description, network);
        }
        catch (Exception exception)
        {
            network?.Dispose();
            throw exception switch
            {
                InvalidDataException => new UserErrorException($"'{json}' {exception.Message}.", exception),
                UserErrorException => new UserErrorException($"'{json}' must describe a network that can be built; {FirstLine(exception)}.", exception),
                CheckpointException => new UserErrorException($"'{json}' must have the weights of its network; {FirstLine(exception)}.", exception),
                _ => exception,
            };
        }
    }

    /// <summary>Reads what a model folder says of itself, without its weights.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="UserErrorException">There is no model, it is damaged, or it is of a newer version; the message is one sentence.</exception>
    public static ModelDescription ReadDescription(string path)
    {
        try
        {
            return ReadFile(path).Describe();
        }
        catch (InvalidDataException exception)
        {
            throw new UserErrorException($"'{Path.Combine(path, DescriptionName)}' {exception.Message}.", exception);
        }
    }

    private static void CheckNetwork(NetworkBlueprint blueprint)
    {
        blueprint.Network.Check();
        if (NetworkCatalog.Find(blueprint.Network.Kind!).NeedsImages && blueprint.RowShape.Count != 3)
        {
            throw new UserErrorException($"network {blueprint.Network.Kind} must have images as inputs");
        }
    }

    private static ModelFile ReadFile(string path)
    {
        string json = Path.Combine(path, DescriptionName);
        if (!File.Exists(json))
        {
            throw new UserErrorException(Directory.Exists(path)
                ? $"Model folder '{path}' must hold a {DescriptionName}; it holds none."
                : $"Model folder '{path}' must exist; there is none.");
        }

        try
        {
            return ModelFile.Read(json);
        }
        catch (InvalidDataException exception)
        {
            throw new UserErrorException($"'{json}' {exception.Message}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{json}' must be readable; {FirstLine(exception)}.", exception);
        }
    }

    private static string CheckWeights(string path, ModelWeightsFile expected)
    {
        if (Path.GetFileName(expected.File) != expected.File || expected.File.Length == 0)
        {
            throw new UserErrorException($"'{Path.Combine(path, DescriptionName)}' must name a file of its own folder as weights; it names '{expected.File}'.");
        }

        string file = Path.Combine(path, expected.File);
        try
        {
            if (!File.Exists(file))
            {
                throw new UserErrorException($"Model folder '{path}' must hold its weights, '{expected.File}'; it does not.");
            }

            long length = new FileInfo(file).Length;
            if (length != expected.Bytes)
            {
                throw new UserErrorException($"'{file}' must have {expected.Bytes} bytes, as {DescriptionName} says; it has {length}.");
            }

            return HashOf(file) == expected.Sha256
                ? file
                : throw new UserErrorException($"'{file}' must be as it was written; it is damaged or was changed: its checksum does not fit {DescriptionName}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{file}' must be readable; {FirstLine(exception)}.", exception);
        }
    }

    private static string? CurrentWeights(string path)
    {
        try
        {
            return File.Exists(Path.Combine(path, DescriptionName)) ? ModelFile.Read(Path.Combine(path, DescriptionName)).Weights.File : null;
        }
        catch (InvalidDataException)
        {
            return null; // What is there is no model; it is replaced.
        }
    }

    private static string HashOf(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].TrimEnd('.');
}
