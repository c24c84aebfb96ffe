namespace DropoutSharp.Benchmarks;

/// <summary>Times operations turn by turn.</summary>
/// <param name="budget">How long all operations of a call together may take.</param>
/// <param name="cancellation">Ends the measurement.</param>
internal sealed class ContestTimer(TimeSpan budget, CancellationToken cancellation) : ICostTimer
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<CostOperation, double> Time(IReadOnlyDictionary<CostOperation, CostWork> works)
    {
        CostOperation[] names = [.. works.Keys];
        double[] medians = Contest.Run(budget, threaded: false, cancellation, [.. names.Select(name => works[name].Run)]);
        return names.Zip(medians).ToDictionary(static each => each.First, static each => each.Second);
    }
}
