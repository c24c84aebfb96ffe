namespace DropoutSharp.Benchmarks;

/// <summary>One measured residual network whose branches are dropped: means over the same steps, in milliseconds, and peaks of memory, in mebibytes.</summary>
/// <param name="Op">What was measured: <c>depth:</c>, the blocks and the mode.</param>
/// <param name="Width">Features, or maps, of a block.</param>
/// <param name="Batch">Rows a batch.</param>
/// <param name="Rate">The drop rate of the last block.</param>
/// <param name="OursMs">Forward and backward with this project's stochastic depth.</param>
/// <param name="PlainMs">The same network with every branch run.</param>
/// <param name="LibtorchMs">Every branch run and rows dropped by libtorch's operations, as torchvision and timm do.</param>
/// <param name="OursPeakMb">The most memory that a step with dropped branches held beyond what it found.</param>
/// <param name="PlainPeakMb">The most memory that a step with every branch held beyond what it found.</param>
/// <param name="Blocks">How many residual blocks the network has.</param>
/// <param name="OutsideMs">The same network without blocks.</param>
/// <param name="PromisedShare">The share of the blocks' time that the survival probabilities promise: their mean.</param>
/// <param name="MeasuredShare">The share that was measured, with what is outside of the blocks taken off both times.</param>
public sealed record DepthBenchmarkCase(
    string Op,
    long Width,
    long Batch,
    double Rate,
    double OursMs,
    double PlainMs,
    double LibtorchMs,
    double OursPeakMb,
    double PlainPeakMb,
    long Blocks,
    double OutsideMs,
    double PromisedShare,
    double MeasuredShare);
