using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Comparison;

/// <summary>Trains the same network without dropout and with each variant, over rates and seeds, and says which to use.</summary>
/// <remarks>
/// The rate of each variant is chosen on the validation rows; the test rows only judge. Results depend on the data and the options alone: not on the
/// number of workers, nor on whether the comparison was interrupted and resumed.
/// </remarks>
public static class Comparer
{
    /// <summary>Runs a comparison.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">What is compared and how.</param>
    /// <param name="folder">Where everything is written as it comes, and read from where a run is resumed; null to keep it in memory.</param>
    /// <param name="progress">Told every epoch, from the threads that train; may be null.</param>
    /// <param name="cancellation">Ends the comparison early: what has finished by then is reported.</param>
    /// <returns>What was found; not complete where it was cancelled.</returns>
    /// <exception cref="UserErrorException">The options do not fit the data.</exception>
    public static ComparisonResult Run(
        PreparedData data,
        ComparisonOptions options,
        RunFolder? folder = null,
        IProgress<ComparisonProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using ComparisonRun run = new(data, options.ResolveFor(data), progress, folder, cancellation);
        ComparisonResult result = run.Execute();
        folder?.SaveResult(result);
        return result;
    }
}
