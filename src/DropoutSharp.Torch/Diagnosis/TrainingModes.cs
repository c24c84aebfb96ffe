using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Remembers the mode of every module of a model and gives it back when disposed.</summary>
internal sealed class TrainingModes : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> _modes;

    /// <summary>Remembers the modes, and sets evaluation.</summary>
    public TrainingModes(nn.Module model)
    {
        // Parents first: train() reaches down to the children, which then get their own back.
        _modes = [.. ModulePaths.Of(model).OrderBy(entry => entry.Depth).Select(entry => (entry.Module, entry.Module.training))];
        model.eval();
    }

    public void Dispose()
    {
        foreach ((nn.Module module, bool training) in _modes)
        {
            module.train(training);
        }
    }
}
