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
/// <param name="RowsMs">The network with every branch run, on as many rows as the promise says: what no choice of rows can be expected to beat.</param>
/// <param name="PromisedShare">The share of the blocks' time that the survival probabilities promise: their mean.</param>
/// <param name="RowsShare">The share that the network on fewer rows takes: what does not shrink with the rows, such as writing the weights' gradients, is left.</param>
/// <param name="MeasuredShare">The share that was measured, with what is outside of the blocks taken off both times: the median of the turns' shares.</param>
/// <param name="MeasuredLow">The lower end of the measured share's interval, between order statistics of the turns' shares: 95 % from six turns on.</param>
/// <param name="MeasuredHigh">The upper end of the measured share's interval.</param>
/// <param name="RowsLow">The lower end of such an interval of the share that the network on fewer rows takes.</param>
/// <param name="RowsHigh">Its upper end.</param>
/// <param name="Turns">How often each step was measured.</param>
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
    double RowsMs,
    double PromisedShare,
    double RowsShare,
    double MeasuredShare,
    double MeasuredLow,
    double MeasuredHigh,
    double RowsLow,
    double RowsHigh,
    long Turns);
