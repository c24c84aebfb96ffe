using System.Text.Json.Serialization;

namespace DropoutSharp.Benchmarks;

/// <summary>One measured case of a module: medians, in microseconds a call.</summary>
/// <param name="Op">Forward alone, or forward and backward.</param>
/// <param name="Module">Which module of this project, with the size of its maps; libtorch's is the one of the same law.</param>
/// <param name="Elements">How many float32 elements the tensor has: as many whole maps as fit into those that were asked for.</param>
/// <param name="Threads">How many threads compute.</param>
/// <param name="Rate">The drop rate.</param>
/// <param name="OursUs">The module of this project.</param>
/// <param name="ElementwiseUs">This project's Dropout at the same rate on the same tensor.</param>
/// <param name="LibtorchUs">TorchSharp's module; for blocks, which it has none for, torchvision's way in libtorch's operations.</param>
/// <param name="NothingUs">A module that does nothing.</param>
public sealed record ModuleBenchmarkCase(string Op, string Module, long Elements, int Threads, double Rate, double OursUs, double ElementwiseUs, double LibtorchUs, double NothingUs)
{
    /// <summary>How many times what this project's module adds to a call that does nothing libtorch's adds: a network starts one backward pass for all its modules. NaN where ours adds nothing.</summary>
    [JsonIgnore]
    public double Added => OursUs > NothingUs ? (LibtorchUs - NothingUs) / (OursUs - NothingUs) : double.NaN;
}
