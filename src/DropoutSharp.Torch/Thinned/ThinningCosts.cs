namespace DropoutSharp.Torch;

/// <summary>What the steps of thinned and of ordinary execution cost, so that thinning can be chosen where it is faster.</summary>
/// <param name="ProductNs">A multiplication and addition of a layer's matrix product, in nanoseconds.</param>
/// <param name="WeightNs">What each matrix product costs a weight beside that, in nanoseconds: its way through memory.</param>
/// <param name="TakeNs">Copying one kept weight out of the whole matrix, in nanoseconds.</param>
/// <param name="PutNs">Writing one element of a whole gradient, kept or zero, beyond what the ordinary gradient costs, in nanoseconds.</param>
/// <param name="AddNs">Adding the gradient of one kept weight to its place, in nanoseconds.</param>
/// <param name="StepNs">Stepping one weight by a whole gradient, in nanoseconds; optimisers of momentum or moments pass over all weights in thinned networks too.</param>
/// <param name="LayerNs">What a thinned layer costs for each of its products whatever its size, in nanoseconds: nodes of the graph, calls, index lists.</param>
/// <remarks>
/// The choice never changes a result beyond rounding. <see cref="Default"/> was measured by <c>dropout bench costs</c> with two threads on an AMD EPYC with AVX-512, the mean of runs with threads that spin and with threads that sleep. On a machine where these stand in other proportions, run
/// the command and hand a network what it prints.
/// </remarks>
public readonly record struct ThinningCosts(double ProductNs, double WeightNs, double TakeNs, double PutNs, double AddNs, double StepNs, double LayerNs)
{
    /// <summary>A gain that is expected to be smaller than this share of the ordinary time is not looked for.</summary>
    internal const double LeastGain = 0.08;

    /// <summary>Constants measured on the machine of <c>docs/performance.md</c>.</summary>
    public static ThinningCosts Default { get; } = new(ProductNs: 0.012, WeightNs: 0.43, TakeNs: 0.53, PutNs: 0.19, AddNs: 0.85, StepNs: 0.27, LayerNs: 5_900);

    /// <summary>Whether a layer is faster thinned.</summary>
    /// <param name="products">How many products the whole layer computes in a forward pass, over all rows.</param>
    /// <param name="keptProducts">How many are left.</param>
    /// <param name="weights">How many weights the layer has.</param>
    /// <param name="keptWeights">How many of them are multiplied, over all groups of rows.</param>
    /// <param name="wholeRows">How many of the kept weights lie in rows that are kept whole: they are copied in stretches, in half of the time.</param>
    /// <param name="groups">How many groups of rows there are.</param>
    /// <param name="spread">
    /// How many elements the ordinary way would copy for its neighbours' sake, beyond those that the thinned way would: those of an input that has only kept features so far, and of an output of which only kept ones go on; an output
    /// whose kept features the next layer would spread again counts below zero.
    /// </param>
    /// <param name="gradients">What becomes of the weights' gradients; a backward pass has twice the products.</param>
    public bool IsThinnedFaster(double products, double keptProducts, double weights, double keptWeights, double wholeRows, int groups, double spread, WeightGradients gradients)
    {
        (double ordinary, double thinned) = Times(products, keptProducts, weights, keptWeights, wholeRows, groups, spread, gradients);
        return thinned < (1 - LeastGain) * ordinary;
    }

    /// <summary>What a layer is expected to take either way in a training step, or in a forward pass alone, in nanoseconds; arguments as for <see cref="IsThinnedFaster"/>.</summary>
    internal (double Ordinary, double Thinned) Times(
        double products, double keptProducts, double weights, double keptWeights, double wholeRows, int groups, double spread, WeightGradients gradients)
    {
        int passes = gradients == WeightGradients.None ? 1 : 3;
        double ordinary = (passes * ((products * ProductNs) + (weights * WeightNs))) + (gradients == WeightGradients.None ? 0 : weights * StepNs)
            + (Math.Min(passes, 2) * ((spread * PutNs) + (Math.Sign(spread) * LayerNs * (1 + groups) / 2)));
        double copied = keptWeights - (wholeRows / 2);
        double thinned = (passes * ((keptProducts * ProductNs) + (keptWeights * WeightNs) + (LayerNs * (1 + groups) / 2))) + (copied * TakeNs) + gradients switch
        {
            WeightGradients.None => 0,
            WeightGradients.Whole => weights * (PutNs + StepNs),
            WeightGradients.Parts => (copied * AddNs) + (weights * StepNs),
            _ => copied * AddNs,
        };
        return (ordinary, thinned);
    }
}
