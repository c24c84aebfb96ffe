using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Monte-Carlo passes of a network of layers so small that only their number counts, one after the other.</summary>
internal sealed class TinyPasses : IDisposable
{
    /// <summary>How many inputs, and units a hidden layer, it has.</summary>
    public const int Width = 16;

    /// <summary>How many passes: enough that what comes before the first one is a small part.</summary>
    public const int Count = 64;

    private const int HiddenLayers = 3, Batch = 8;

    private readonly TorchSharp.Modules.Sequential _model;
    private readonly McDropout _dropout;
    private readonly Tensor _input = randn(Batch, Width);
    private readonly McDropoutOptions _options;

    /// <summary>Passes.</summary>
    /// <param name="execution">How they are computed.</param>
    public TinyPasses(McExecution execution)
    {
        uint site = 0;
        _model = DenseNetwork.Create(Width, HiddenLayers, Width, () => new Dropout(0.5, seed: 1, site: site++));
        _dropout = new McDropout(_model);
        _options = new McDropoutOptions(Count, 1, IsSharedByRows: true, Execution: execution, Workers: 1);
        Calls = Count * _dropout.Probe(_input, _options)!.Steps; // the model can be looked into
        Work = new CostWork(Run, () =>
        {
            Run();
            return tensor([Count, (long)_dropout.Plan(_input, _options).Execution]);
        });
    }

    /// <summary>How many steps all passes have.</summary>
    public int Calls { get; }

    /// <summary>The passes; it gives their number, and how they were computed.</summary>
    public CostWork Work { get; }

    public void Dispose()
    {
        _model.Dispose();
        _input.Dispose();
    }

    private void Run()
    {
        foreach (Tensor output in _dropout.Stream(_input, _options))
        {
            output.Dispose();
        }
    }
}
