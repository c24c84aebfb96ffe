namespace DropoutSharp.Benchmarks;

/// <summary>One constant of a cost model as it was measured on this machine, in nanoseconds.</summary>
/// <param name="Op">The constant's name.</param>
/// <param name="Ns">The median over the widths.</param>
/// <param name="LowNs">The smallest one.</param>
/// <param name="HighNs">The largest one.</param>
/// <param name="DefaultNs">What is used unless other constants are handed over.</param>
public sealed record CostBenchmarkCase(string Op, double Ns, double LowNs, double HighNs, double DefaultNs);
