using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Checkpoints;

public sealed class ModuleWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public ModuleWeightsTests() => _path = _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_SavedModule_BringsBackWeightsAndTheMasksToCome()
    {
        using Sequential first = Model(4), second = Model(4);
        using Tensor input = ones(8, 4);
        first.forward(input).Dispose();
        ModuleWeights.Save(_path, first, new Dictionary<string, string> { ["epoch"] = "3" });

        Assert.Equal("3", ModuleWeights.Load(_path, second, requireChecksum: true)["epoch"]);

        using Tensor expected = first.forward(input), actual = second.forward(input);
        Assert.True(expected.Equals(actual));
    }

    [Fact]
    public void Load_AnotherShape_ChangesNothingAndSaysWhich()
    {
        using Sequential first = Model(4), second = Model(5);
        ModuleWeights.Save(_path, first);
        using Tensor before = second.parameters().First().clone();
        string message = Assert.Throws<CheckpointException>(() => ModuleWeights.Load(_path, second)).Message;
        Assert.Contains("[4", message, StringComparison.Ordinal);
        Assert.Contains("[5", message, StringComparison.Ordinal);
        Assert.True(before.Equals(second.parameters().First()));
    }

    [Fact]
    public void Load_OtherNames_AreRefusedOnlyWhenStrict()
    {
        using Sequential first = Model(4);
        using Linear alone = nn.Linear(4, 4);
        ModuleWeights.Save(_path, first);
        Assert.Contains("\"weight\"", Assert.Throws<CheckpointException>(() => ModuleWeights.Load(_path, alone)).Message, StringComparison.Ordinal);
        ModuleWeights.Load(_path, alone, strict: false);
    }

    private static Sequential Model(int width) => nn.Sequential(("linear", nn.Linear(width, width)), ("dropout", new Dropout(0.5)));
}
