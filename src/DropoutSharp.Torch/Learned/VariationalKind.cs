namespace DropoutSharp.Torch;

/// <summary>Which noise a variational layer learns.</summary>
public enum VariationalKind
{
    /// <summary>
    /// Molchanov, Ashukha and Vetrov 2017: weights <c>w ~ N(θ, σ²)</c> with a variance a weight of their own (the additive form), unbounded
    /// <c>α = σ²/θ²</c>; most weights become pure noise and can be pruned.
    /// </summary>
    Sparse,

    /// <summary>
    /// Kingma, Salimans and Welling 2015, type A: Gaussian noise <c>N(1, α)</c> on the inputs of the layer, which makes the weights of one input vary together; α ≤ 1.
    /// </summary>
    TypeA,

    /// <summary>Kingma, Salimans and Welling 2015, type B: independent weights <c>w ~ N(θ, αθ²)</c> by local reparameterisation; α ≤ 1.</summary>
    TypeB,
}
