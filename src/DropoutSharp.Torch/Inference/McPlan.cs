namespace DropoutSharp.Torch;

/// <summary>How Monte-Carlo passes over some rows are computed, and why.</summary>
/// <param name="Execution">The way: any but <see cref="McExecution.Automatic"/>.</param>
/// <param name="Reason">Why this way, in half a sentence.</param>
/// <param name="PassesAtOnce">How many passes are stacked along the rows; 1 for none.</param>
/// <param name="Workers">How many passes, or stacks of passes, are run at the same time, each by one thread; 1 where all threads work on one.</param>
/// <param name="RowsAtOnce">The most rows that are computed at once.</param>
/// <param name="Once">The paths of the modules that are computed once for all passes.</param>
/// <param name="Repeated">The paths of the modules that are computed in every pass.</param>
public sealed record McPlan(
    McExecution Execution,
    string Reason,
    int PassesAtOnce,
    int Workers,
    int RowsAtOnce,
    IReadOnlyList<string> Once,
    IReadOnlyList<string> Repeated)
{
    /// <summary>The plan in one line.</summary>
    public override string ToString()
    {
        string way = Execution switch
        {
            McExecution.Plain => "plain: the whole model once a pass",
            McExecution.Split => Workers > 1 ? $"split: {Workers} passes at a time behind what is computed once" : "split: one pass after the other behind what is computed once",
            McExecution.Stacked => Workers > 1 ? $"stacked: {PassesAtOnce} passes in one product, {Workers} products at a time" : $"stacked: {PassesAtOnce} passes in one product",
            _ => Workers > 1 ? $"thinned: dropped units are not computed, {Workers} passes at a time" : "thinned: dropped units are not computed",
        };
        string once = Once.Count == 0 ? "" : $"; {Once.Count} of {Once.Count + Repeated.Count} modules once for all passes";
        return $"{way}{once} ({Reason})";
    }
}
