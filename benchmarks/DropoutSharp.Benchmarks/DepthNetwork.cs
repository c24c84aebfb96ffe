using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>A residual network whose depth is measured: a first layer, blocks of one width, and ten classes.</summary>
/// <param name="IsDense">Whether blocks are dense, such as a transformer's; otherwise convolutions of maps of 16×16.</param>
/// <param name="Width">Features of the blocks, or maps.</param>
/// <param name="Blocks">How many blocks it has.</param>
internal sealed record DepthNetwork(bool IsDense, int Width, int Blocks)
{
    private const int Inputs = 784, Side = 16, Colours = 3, Classes = 10, NormGroup = 8;

    /// <summary>What its blocks are.</summary>
    public string Name => IsDense ? "dense" : "conv";

    /// <summary>A batch of its input.</summary>
    public Tensor Input(int batch) => IsDense ? randn(batch, Inputs) : randn(batch, Colours, Side, Side);

    /// <summary>
    /// A branch: normalisation, a layer four times as wide with GELU, and one back; or twice normalisation, ReLU and a convolution of 3×3, with GroupNorm, whose statistics are those of a row.
    /// </summary>
    public nn.Module<Tensor, Tensor> Branch() => IsDense
        ? nn.Sequential(nn.LayerNorm(Width), nn.Linear(Width, 4L * Width), nn.GELU(), nn.Linear(4L * Width, Width))
        : nn.Sequential(Norm(), nn.ReLU(), nn.Conv2d(Width, Width, 3, padding: 1), Norm(), nn.ReLU(), nn.Conv2d(Width, Width, 3, padding: 1));

    /// <summary>The network around its blocks.</summary>
    public nn.Module<Tensor, Tensor> Around(IEnumerable<nn.Module<Tensor, Tensor>> blocks) => IsDense
        ? nn.Sequential([nn.Linear(Inputs, Width), .. blocks, nn.LayerNorm(Width), nn.Linear(Width, Classes)])
        : nn.Sequential(
            [nn.Conv2d(Colours, Width, 3, padding: 1), .. blocks, Norm(), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(Width, Classes)]);

    /// <summary>TorchSharp 0.107 leaves scale and shift of this normalisation as the memory was: numbers so small or so large that a convolution takes a hundred times as long.</summary>
    private TorchSharp.Modules.GroupNorm Norm()
    {
        TorchSharp.Modules.GroupNorm norm = nn.GroupNorm(Math.Max(1, Width / NormGroup), Width);
        nn.init.ones_(norm.weight);
        nn.init.zeros_(norm.bias);
        return norm;
    }
}
