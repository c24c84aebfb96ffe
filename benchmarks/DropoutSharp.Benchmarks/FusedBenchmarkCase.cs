namespace DropoutSharp.Benchmarks;

/// <summary>One measured case of what is computed together with dropout: medians, in microseconds a call.</summary>
/// <param name="Op">What stands beside the dropout: an activation, a bias and an activation, or the sum with a residual; forward and backward.</param>
/// <param name="Elements">How many float32 elements the tensor has.</param>
/// <param name="Threads">How many threads compute.</param>
/// <param name="FusedUs">Both in one pass.</param>
/// <param name="SeparateUs">libtorch's operation and this project's dropout.</param>
/// <param name="LibtorchUs">libtorch's operation and libtorch's dropout.</param>
/// <param name="WithoutUs">libtorch's operation without any dropout.</param>
public sealed record FusedBenchmarkCase(string Op, long Elements, int Threads, double FusedUs, double SeparateUs, double LibtorchUs, double WithoutUs);
