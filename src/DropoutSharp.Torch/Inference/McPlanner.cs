namespace DropoutSharp.Torch;

/// <summary>Chooses how passes are computed, by a cost model with measured constants.</summary>
/// <param name="tree">The model.</param>
/// <param name="probe">What a row of it showed.</param>
/// <param name="options">What is asked for.</param>
/// <param name="batch">The most that may be run at once.</param>
/// <param name="drawsFromTorch">Whether modules draw from torch's generator.</param>
/// <param name="costs">What the choice goes by.</param>
internal sealed class McPlanner(PassTree tree, PassProbe probe, McDropoutOptions options, int batch, bool drawsFromTorch, McCosts costs)
{
    private readonly PassNode[] _nodes = [.. tree.Root.All()];

    public McPlan Choose()
    {
        bool canStack = !drawsFromTorch;
        McExecution execution = options.Execution;
        if (execution == McExecution.Thinned && !probe.IsThin)
        {
            throw new ArgumentException("Execution can be Thinned only where masks drop whole units for all rows: with masks shared by rows, or BatchwiseDropout, before or behind a linear layer; received Thinned.");
        }

        if (execution == McExecution.Stacked && !canStack)
        {
            throw new ArgumentException("Execution cannot be Stacked where TorchSharp's own dropout draws; received Stacked.");
        }

        string reason = "as asked for";
        int atOnce = options.BatchSize == 0 && tree.Root.IsRowwise && !drawsFromTorch ? Math.Min(batch, McCosts.MostRows) : batch;
        int stack = options.PassesAtOnce == 0 ? costs.PassesAtOnce(probe, atOnce, options.Passes) : Math.Min(options.PassesAtOnce, options.Passes);
        if (execution == McExecution.Automatic)
        {
            (execution, reason) = drawsFromTorch ? (McExecution.Split, "TorchSharp's own dropout draws pass by pass")
                : probe.IsThin && costs.ThinningPays(probe, batch, stack, Workers(McExecution.Thinned, atOnce)) ? (McExecution.Thinned, "masks drop units for all rows")
                : costs.StackingPays(probe, atOnce, stack, Workers(McExecution.Split, atOnce)) ? (McExecution.Stacked, "a pass alone has few rows")
                : stack > 1 ? (McExecution.Split, "a stack of passes would take hardly less time than passes side by side")
                : (McExecution.Split, probe.IsThin ? "gathering the kept weights would cost more than it saves" : "a pass has enough rows for a product of its own");
        }

        int workers = Workers(execution, atOnce);
        stack = execution != McExecution.Stacked ? 1 : options.PassesAtOnce > 0 ? stack : McCosts.Even(stack, options.Passes, workers);
        return new McPlan(execution, reason, stack, workers, atOnce, Once(), Repeated());
    }

    /// <summary>How many passes, or stacks of them, run at the same time.</summary>
    private int Workers(McExecution execution, int atOnce)
    {
        int most = PassWorkers.Threads;
        bool isFree = !drawsFromTorch && Array.TrueForAll(_nodes, static node => node.IsFreeThreaded);
        return !isFree || most == 1 ? 1
            : options.Workers > 0 ? Math.Min(options.Workers, most)
            : costs.SideBySide(probe, execution, atOnce, options.Passes, most);
    }

    private string[] Once() => [.. Walk(tree.Root, true).Where(static leaf => leaf.Once).Select(static leaf => leaf.Path)];

    private string[] Repeated() => [.. Walk(tree.Root, true).Where(static leaf => !leaf.Once).Select(static leaf => leaf.Path)];

    /// <summary>The parts that are computed, in order, and whether once for all passes.</summary>
    private static List<(string Path, bool Once)> Walk(PassNode node, bool isShared)
    {
        if (!node.Parts.Any())
        {
            return node is PassChain ? [] : [(node.Path, isShared && !node.IsStochastic)];
        }

        List<(string, bool)> found = [];
        bool shared = isShared;
        foreach (PassNode part in node.Parts)
        {
            found.AddRange(Walk(part, shared));
            shared = shared && (node is not (PassChain or PassLayerDrop) || !part.IsStochastic);
        }

        return found;
    }
}
