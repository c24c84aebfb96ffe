namespace DropoutSharp.Benchmarks;

/// <summary>One measured case of a module: medians, in microseconds a call.</summary>
/// <param name="Op">Forward alone, or forward and backward.</param>
/// <param name="Module">Which module of this project; libtorch's is the one of the same law.</param>
/// <param name="Elements">How many float32 elements the tensor has.</param>
/// <param name="OursUs">The module of this project.</param>
/// <param name="LibtorchUs">TorchSharp's module.</param>
/// <param name="NothingUs">A module that does nothing.</param>
public sealed record ModuleBenchmarkCase(string Op, string Module, long Elements, double OursUs, double LibtorchUs, double NothingUs);
