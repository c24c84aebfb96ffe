namespace DropoutSharp.Benchmarks;

/// <summary>One measured case of a whole network: medians, in milliseconds, and peaks of memory, in mebibytes.</summary>
/// <param name="Op">What was measured, such as <c>train</c> with the optimiser's name behind a colon.</param>
/// <param name="Width">Hidden units a layer.</param>
/// <param name="Batch">Rows a batch.</param>
/// <param name="Rate">The drop rate.</param>
/// <param name="OursMs">With this project's dropout.</param>
/// <param name="PlainMs">The same network without dropout.</param>
/// <param name="LibtorchMs">The same network with libtorch's dropout.</param>
/// <param name="OursPeakMb">The most memory that the case with this project's dropout held beyond what it found: of training, the network and its optimiser too; of passes, a turn.</param>
/// <param name="PlainPeakMb">The same without dropout.</param>
public sealed record NetworkBenchmarkCase(
    string Op, long Width, long Batch, double Rate, double OursMs, double PlainMs, double LibtorchMs, double OursPeakMb, double PlainPeakMb)
{
    /// <summary>The share of the time without dropout that it takes with ours.</summary>
    public double OfPlain() => OursMs / PlainMs;

    /// <summary>The share of the time with libtorch's dropout that it takes with ours.</summary>
    public double OfLibtorch() => OursMs / LibtorchMs;
}
