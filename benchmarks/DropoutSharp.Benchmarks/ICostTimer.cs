namespace DropoutSharp.Benchmarks;

/// <summary>Says how long operations take.</summary>
internal interface ICostTimer
{
    /// <summary>The time of each operation, in nanoseconds.</summary>
    /// <param name="works">The operations by their names; all are measured side by side.</param>
    IReadOnlyDictionary<CostOperation, double> Time(IReadOnlyDictionary<CostOperation, CostWork> works);
}
