namespace DropoutSharp;

/// <summary>The activations that dropout is computed together with, in one pass over the memory.</summary>
public enum FusedActivation
{
    /// <summary>None: z itself.</summary>
    Identity,

    /// <summary>max(0, z). A NaN stays a NaN.</summary>
    Relu,

    /// <summary>z·Φ(z), Φ the standard normal distribution function (Hendrycks and Gimpel 2016), to a few units in the last place of float.</summary>
    Gelu,

    /// <summary>GELU's approximation z·σ(2u), u = √(2/π)·(z + 0.044715·z³), which is ½z·(1 + tanh u).</summary>
    GeluTanh,

    /// <summary>z·σ(z), also called swish (Elfwing 2017; Ramachandran 2017).</summary>
    Silu,
}
