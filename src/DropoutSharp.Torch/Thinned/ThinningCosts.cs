namespace DropoutSharp.Torch;

/// <summary>What the steps of thinned and of ordinary execution cost, so that thinning can be chosen where it is faster.</summary>
/// <param name="ProductNs">A multiplication and addition of a layer's matrix product, forward alone, in nanoseconds.</param>
/// <param name="TakeNs">Copying one kept weight out of the whole matrix, in nanoseconds.</param>
/// <param name="PutNs">Writing one element of the whole gradient, kept or zero, beyond what the ordinary gradient costs, in nanoseconds.</param>
/// <param name="LayerNs">What a thinned layer costs whatever its size, in nanoseconds: nodes of the graph, calls, index lists.</param>
/// <remarks>
/// The choice never changes a result beyond rounding. <see cref="Default"/> was measured with two threads on an Intel Xeon with AVX-512, at width 2,048 and 128 rows: a product of all and of half of the
/// features, <see cref="Submatrix.Gather"/> and <see cref="Submatrix.Scatter"/>. On a machine where these stand in other proportions, hand a network constants of its own.
/// </remarks>
public readonly record struct ThinningCosts(double ProductNs, double TakeNs, double PutNs, double LayerNs)
{
    /// <summary>Constants measured on the machine of <c>docs/performance.md</c>.</summary>
    public static ThinningCosts Default { get; } = new(ProductNs: 0.0155, TakeNs: 0.8, PutNs: 0.35, LayerNs: 60_000);

    /// <summary>Whether a layer is faster thinned.</summary>
    /// <param name="products">How many products the whole layer computes in a forward pass, over all rows.</param>
    /// <param name="keptProducts">How many are left.</param>
    /// <param name="weights">How many weights the layer has.</param>
    /// <param name="keptWeights">How many are copied, over all groups of rows.</param>
    /// <param name="groups">How many groups of rows there are.</param>
    /// <param name="hasBackward">Whether a backward pass follows: it has twice the products, and writes the weights' gradient.</param>
    public bool IsThinnedFaster(double products, double keptProducts, double weights, double keptWeights, int groups, bool hasBackward)
    {
        double saved = (products - keptProducts) * ProductNs * (hasBackward ? 3 : 1);
        double added = (keptWeights * TakeNs) + (hasBackward ? weights * PutNs : 0) + (LayerNs * (1 + groups) / 2);
        return saved > added;
    }
}
