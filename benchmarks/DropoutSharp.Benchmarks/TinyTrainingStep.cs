using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>A training step of a network of layers so small that only their number counts.</summary>
internal sealed class TinyTrainingStep : IDisposable
{
    /// <summary>How many inputs, and units a hidden layer, it has.</summary>
    public const int Width = 16;

    /// <summary>How many products a step has: forward, and two backward, in each layer.</summary>
    public const int Products = 3 * (HiddenLayers + 1);

    private const int HiddenLayers = 3, Batch = 8;

    private readonly ThinnedNetwork _model;
    private readonly ThinnedSgd _optimizer;
    private readonly Tensor _input = randn(Batch, Width), _classes = randint(DenseNetwork.Classes, [Batch], ScalarType.Int64);

    /// <summary>A step.</summary>
    /// <param name="choice">Whether it is thinned.</param>
    public TinyTrainingStep(ThinningChoice choice)
    {
        uint site = 0;
        _model = new ThinnedNetwork(DenseNetwork.Create(Width, HiddenLayers, Width, () => new BatchwiseDropout(0.5, seed: 1, site: site++)), choice);
        _optimizer = new ThinnedSgd(_model.parameters(), 1e-6);
        Work = new CostWork(Run, () =>
        {
            Run();
            return tensor(_model.LatestThinned.Count);
        });
    }

    /// <summary>The step; it gives how many layers were thinned.</summary>
    public CostWork Work { get; }

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
        _input.Dispose();
        _classes.Dispose();
    }

    private void Run()
    {
        _optimizer.zero_grad();
        using Tensor output = _model.call(_input), loss = nn.functional.cross_entropy(output, _classes);
        loss.backward();
        _optimizer.step();
    }
}
