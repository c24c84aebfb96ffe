namespace DropoutSharp.Benchmarks;

/// <summary>One measured case: medians, in nanoseconds an element.</summary>
/// <param name="Op">What was measured.</param>
/// <param name="Elements">How many float32 elements the tensor has.</param>
/// <param name="Threads">How many threads each contender could use.</param>
/// <param name="Keep">The keep probability.</param>
/// <param name="OursNs">This project's kernel.</param>
/// <param name="LibtorchNs">libtorch's operation, through TorchSharp.</param>
/// <param name="CopyNs">A plain memory copy.</param>
public sealed record BenchmarkCase(string Op, long Elements, int Threads, double Keep, double OursNs, double LibtorchNs, double CopyNs)
{
    /// <summary>How many times as long libtorch takes.</summary>
    public double TimesLibtorch() => LibtorchNs / OursNs;

    /// <summary>How many times the copy's time it takes.</summary>
    public double TimesCopy() => OursNs / CopyNs;
}
