using System.Text.Json;
using System.Text.Json.Nodes;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private const ulong Seed = 7;

    private readonly TempFolder _folder = new();
    private readonly Dataset _dataset = new("points",
    [
        new NumberColumn("a", [.. Enumerable.Range(0, 40).Select(i => i * 17 % 40 / 4.0)]),
        new TextColumn("c", [.. Enumerable.Range(0, 40).Select(i => i % 3)], ["x", "y", "z"]),
        new NumberColumn("y", [.. Enumerable.Range(0, 40).Select(i => i * 7 % 40 / 2.0)]),
    ]);

    private string Model => _folder.PathOf("model");

    private string Json => Path.Combine(Model, "model.json");

    private string Weights => Path.Combine(Model, "weights.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("none", 0)]
    [InlineData("dropout", 0.5)]
    public void Load_WhatWasSaved_PredictsTheSame(string variant, double rate)
    {
        (ModelDescription description, float[] expected) = Save(variant, rate);

        using Model loaded = ModelFolder.Load(Model);

        Assert.Equal(expected, Predict(loaded.Network, loaded.Description.Encoder));
        Assert.False(loaded.Network.training);
        Assert.Equal(description.Blueprint.Variant, loaded.Description.Blueprint.Variant);
        Assert.Equal(description.Blueprint.DropRate, loaded.Description.Blueprint.DropRate);
        Assert.Equal(description.Blueprint.Network.HiddenSizes, loaded.Description.Blueprint.Network.HiddenSizes);
        Assert.Equal(description.Noise, loaded.Description.Noise);
        Assert.Equal(Seed, loaded.Description.Seed);
        Assert.Equal("points", loaded.Description.DataName);
        Assert.Equal(["a", "c = x", "c = y", "c = z"], loaded.Description.Encoder.FeatureNames);
        Assert.Equal(["model.json", "weights.safetensors"], Files());
    }

    [Fact]
    public void Save_OverAModel_ReplacesItAndLeavesNothingOfIt()
    {
        Save("dropout", 0.5);
        (_, float[] second) = Save("none", 0, weightKey: 99);
        Assert.Equal(["model.json", "weights-2.safetensors"], Files());
        using (Model loaded = ModelFolder.Load(Model))
        {
            Assert.Equal(second, Predict(loaded.Network, loaded.Description.Encoder));
        }

        Save("dropout", 0.5);
        Assert.Equal(["model.json", "weights.safetensors"], Files());
        ModelFolder.Load(Model).Dispose();
    }

    [Fact]
    public void Load_AfterASaveThatStoppedHalfway_GivesTheOldModel()
    {
        (_, float[] old) = Save("dropout", 0.5);
        _folder.Write(Path.Combine("model", "weights-2.safetensors"), [1, 2, 3]);

        using Model loaded = ModelFolder.Load(Model);

        Assert.Equal(old, Predict(loaded.Network, loaded.Description.Encoder));
    }

    [Fact]
    public void Load_ByteOfTheDescriptionChanged_IsRefused()
    {
        Save("dropout", 0.5);
        byte[] whole = File.ReadAllBytes(Json);
        for (int i = 0; i < whole.Length; i += 3)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 1;
            File.WriteAllBytes(Json, damaged);
            Refuses("model.json' must");
        }
    }

    [Fact]
    public void Load_DescriptionCutShort_IsRefused()
    {
        Save("dropout", 0.5);
        byte[] whole = File.ReadAllBytes(Json);
        for (int length = 0; length < whole.Length; length += 41)
        {
            File.WriteAllBytes(Json, whole[..length]);
            Refuses("model.json' must");
        }
    }

    [Fact]
    public void Load_ByteOfTheWeightsChanged_IsRefused()
    {
        Save("dropout", 0.5);
        byte[] whole = File.ReadAllBytes(Weights);
        for (int i = 0; i < whole.Length; i += 53)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 0x40;
            File.WriteAllBytes(Weights, damaged);
            Refuses("weights.safetensors' must be as it was written; it is damaged or was changed");
        }
    }

    [Fact]
    public void Load_WeightsCutShort_SaysHowManyBytesTheyMustHave()
    {
        Save("dropout", 0.5);
        byte[] whole = File.ReadAllBytes(Weights);
        File.WriteAllBytes(Weights, whole[..^1]);
        Refuses($"weights.safetensors' must have {whole.Length} bytes, as model.json says; it has {whole.Length - 1}.");
    }

    [Fact]
    public void Load_WeightsOfAnotherModel_IsRefused()
    {
        Save("dropout", 0.5);
        byte[] others = File.ReadAllBytes(Weights);
        Directory.Delete(Model, recursive: true);
        Save("dropout", 0.5, weightKey: 99);
        File.WriteAllBytes(Weights, others);
        Refuses("its checksum does not fit model.json.");
    }

    [Fact]
    public void Load_NoWeights_NamesTheFile()
    {
        Save("dropout", 0.5);
        File.Delete(Weights);
        Refuses("must hold its weights, 'weights.safetensors'; it does not.");
    }

    [Fact]
    public void Load_NoFolder_SaysSo() => Refuses("must exist; there is none.");

    [Fact]
    public void Load_FolderWithoutModel_SaysWhatItMustHold()
    {
        Directory.CreateDirectory(Model);
        Refuses("must hold a model.json; it holds none.");
    }

    [Fact]
    public void Load_NewerVersion_NamesBoth()
    {
        Save("dropout", 0.5);
        Change(root => (root["version"], root["library"]) = (4, "9.1"));
        Refuses("must be of version 3 or below; it is of version 4, written by DropoutSharp 9.1.");
    }

    [Fact]
    public void Load_Calibration_IsTheOneThatWasSaved()
    {
        ModelCalibration saved = new(20, [0.5, double.NaN, 2.25], [0.1, 1 / 3.0, double.PositiveInfinity]);
        (ModelDescription description, _) = Save("dropout", 0.5);
        using (Model model = ModelFolder.Load(Model))
        {
            Assert.Null(model.Description.Calibration);
            ModelFolder.Save(Model, description with { Calibration = saved }, model.Network);
        }

        using Model loaded = ModelFolder.Load(Model);
        Assert.Equal(20, loaded.Description.Calibration!.Passes);
        Assert.Equal([0.5, double.PositiveInfinity, 2.25], loaded.Description.Calibration.Scores);
        Assert.Equal(saved.Uncertainties, loaded.Description.Calibration.Uncertainties);
    }

    [Fact]
    public void Load_Version1_HasNoCalibration()
    {
        Save("dropout", 0.5);
        Change(root =>
        {
            root["version"] = 1;
            root.Remove("calibration");
        });
        using Model loaded = ModelFolder.Load(Model);
        Assert.Null(loaded.Description.Calibration);
    }

    [Theory]
    [InlineData(0, "AAAAAAAA4D8=", "AAAAAAAA4D8=")]
    [InlineData(1, "AAAAAAAA4D8=", "")]
    [InlineData(1, "AAAA", "AAAA")]
    [InlineData(1, "", "")]
    public void Load_CalibrationThatCannotBe_IsRefused(int passes, string scores, string uncertainties)
    {
        Save("dropout", 0.5);
        Change(root => root["calibration"] = new JsonObject { ["passes"] = passes, ["scores"] = scores, ["uncertainties"] = uncertainties });
        Refuses("must have a calibration of at least one pass and as many scores as uncertainties, none negative.");
    }

    [Fact]
    public void Load_SameNameTwice_IsRefused()
    {
        Save("dropout", 0.5);
        File.WriteAllText(Json, File.ReadAllText(Json).Replace("\"seed\": 7", "\"seed\": 7, \"seed\": 7"));
        Refuses("seed");
    }

    [Theory]
    [InlineData("""{"format":"other"}""", "format")]
    [InlineData("""{"format":"DropoutSharp model"}""", "must have a version")]
    [InlineData("""{"format":"DropoutSharp model","version":1}""", "must have a checksum")]
    [InlineData("[]", "format")]
    [InlineData("null", "format")]
    public void Load_JsonOfSomethingElse_IsRefused(string json, string expected)
    {
        _folder.Write(Directory.CreateDirectory(Model).Name + "/model.json", json);
        Refuses(expected);
    }

    [Theory]
    [InlineData("rowShape", "[5]", "must describe a network whose inputs fit its columns; they are [5] and [4]")]
    [InlineData("outputs", "2", "must describe a network of 1 outputs, as its target asks for; it has 2")]
    [InlineData("dropRate", "1.5", "drop rate in [0, 1)")]
    [InlineData("variant", "\"nonsense\"", "must describe a network that can be built")]
    [InlineData("nonsense", "1", "could not be mapped")]
    public void Load_PartsThatDoNotFit_AreRefusedThoughTheChecksumIsRight(string property, string value, string expected)
    {
        Save("dropout", 0.5);
        Change(root => root["network"]![property] = JsonNode.Parse(value));
        Refuses(expected);
    }

    [Theory]
    [InlineData("[8]")]
    [InlineData("[8, 8, 8]")]
    public void Load_WeightsOfAnotherShape_AreRefusedThoughChecksumsAreRight(string sizes)
    {
        Save("dropout", 0.5);
        Change(root => root["network"]!["network"]!["hiddenSizes"] = JsonNode.Parse(sizes));
        Refuses("must have the weights of its network");
    }

    [Fact]
    public void Load_WeightsOutsideTheFolder_AreRefused()
    {
        Save("dropout", 0.5);
        File.Copy(Weights, _folder.PathOf("weights.safetensors"));
        Change(root => root["weights"]!["file"] = "../weights.safetensors");
        Refuses("must name a file of its own folder as weights; it names '../weights.safetensors'.");
    }

    [Fact]
    public void Save_WhereAFileStands_IsRefused()
    {
        _folder.Write("model", "x");
        UserErrorException error = Assert.Throws<UserErrorException>(() => Save("none", 0));
        Assert.Contains("must be one that can be written", error.Message);
    }

    private (ModelDescription Description, float[] Predictions) Save(string variant, double rate, ulong weightKey = 3)
    {
        TargetEncoder target = new("y", LearningTask.Regression, [], 5, 2);
        FeatureEncoder encoder = FeatureEncoder.Fit(_dataset, [.. Enumerable.Range(0, 30)], target, new DatasetOptions(), []);
        ModelDescription description = new()
        {
            Blueprint = new NetworkBlueprint
            {
                Network = new NetworkOptions { Kind = "mlp", HiddenSizes = [8, 6] },
                RowShape = encoder.Shape,
                Outputs = 1,
                Variant = variant,
                DropRate = rate,
            },
            Encoder = encoder,
            Seed = Seed,
            Noise = new NoiseDeviations(0.5, 0.25),
            DataName = "points",
        };
        using Network network = description.Blueprint.Build(weightKey, 4);
        network.eval();
        ModelFolder.Save(Model, description, network);
        return (description, Predict(network, encoder));
    }

    private float[] Predict(Network network, FeatureEncoder encoder)
    {
        EncodedRows rows = encoder.Encode(_dataset, [.. Enumerable.Range(0, 40)]);
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        return network.call(tensor(rows.Features).reshape([rows.Count, .. rows.Shape.Select(size => (long)size)])).data<float>().ToArray();
    }

    /// <summary>Changes the description and makes its checksum right again, as a program with other rules would have written it.</summary>
    private void Change(Action<JsonObject> change)
    {
        JsonObject root = JsonNode.Parse(File.ReadAllText(Json))!.AsObject();
        change(root);
        root["checksum"] = new string('0', 64);
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(root);
        root["checksum"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        File.WriteAllBytes(Json, JsonSerializer.SerializeToUtf8Bytes(root));
    }

    private void Refuses(string expected)
    {
        UserErrorException error = Assert.Throws<UserErrorException>(() => ModelFolder.Load(Model));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    private IEnumerable<string?> Files() => Directory.EnumerateFiles(Model).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
