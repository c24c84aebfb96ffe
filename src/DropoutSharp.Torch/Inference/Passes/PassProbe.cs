using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>What a row or two of a first pass show: how much there is to compute, in all and behind the masks, and what is the same in all passes.</summary>
internal sealed record PassProbe
{
    /// <summary>Multiplications a row and pass that leave out what masks drop.</summary>
    public required double Products { get; init; }

    /// <summary>The same with all units.</summary>
    public required double FullProducts { get; init; }

    /// <summary>Weights that such a pass multiplies.</summary>
    public required double Weights { get; init; }

    /// <summary>The same with all units.</summary>
    public required double FullWeights { get; init; }

    /// <summary>Numbers a row and pass that steps give with the kept units only, without what is the same in all passes.</summary>
    public required double Elements { get; init; }

    /// <summary>The same with all units.</summary>
    public required double FullElements { get; init; }

    /// <summary>Weights that such a pass copies out of the whole.</summary>
    public required double CopiedWeights { get; init; }

    /// <summary>How many of those it multiplies where they lie, and does not copy, if it has few rows.</summary>
    public required double UncopiedWeights { get; init; }

    /// <summary>Whether masks leave units out.</summary>
    public required bool IsThin { get; init; }

    /// <summary>How many steps a pass has.</summary>
    public required int Steps { get; init; }

    /// <summary>Bytes a row of what is kept for all passes.</summary>
    public required long OnceBytes { get; init; }

    /// <summary>Bytes a row of the output.</summary>
    public required long OutputBytes { get; init; }

    /// <summary>The most bytes a row of any value in a pass with all units.</summary>
    public required long LargestFullBytes { get; init; }

    /// <summary>Runs rows through a first pass: two where there are two, as some models make no difference between one row and none.</summary>
    public static PassProbe Of(PassNode root, Tensor rows, PassDraws draws)
    {
        long count = rows.size(0);
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using OnceValues once = new();
        UnitTrace trace = new(rows, true, new PassFrame(draws, [0], 0, once));
        root.Trace(trace, static (_, _) => null);
        trace.ToFull();
        try
        {
            return new PassProbe
            {
                Products = trace.Operations.Sum(static operation => operation.ProductsPerRow),
                FullProducts = trace.Operations.Sum(static operation => operation.FullProductsPerRow),
                Weights = trace.Operations.Sum(static operation => operation.Weights),
                FullWeights = trace.Operations.Sum(static operation => operation.FullWeights),
                Elements = (double)trace.Elements / count,
                FullElements = (double)trace.FullElements / count,
                CopiedWeights = trace.Operations.Sum(static operation => operation.CopiedWeights),
                UncopiedWeights = trace.Operations.Sum(static operation => operation.UncopiedWeights),
                IsThin = trace.Operations.Any(static operation => operation.IsThin),
                Steps = trace.Operations.Sum(static operation => operation.Steps),
                OnceBytes = once.Bytes / count,
                OutputBytes = trace.Data.numel() * trace.Data.ElementSize / count,
                LargestFullBytes = trace.LargestFullBytes / count,
            };
        }
        finally
        {
            foreach (UnitOperation operation in trace.Operations)
            {
                operation.Dispose();
            }
        }
    }
}
