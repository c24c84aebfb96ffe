namespace DropoutSharp.Lab.Networks;

/// <summary>What follows each hidden layer.</summary>
public enum Activation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>Scaled exponential linear units (Klambauer 2017), which keep mean 0 and variance 1: what alpha dropout is made for.</summary>
    Selu,

    /// <summary>x·Φ(x) (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>x·σ(x), also called swish.</summary>
    Silu,

    /// <summary>Exponential linear units (Clevert 2016).</summary>
    Elu,

    /// <summary>ReLU with a slope of 0.01 below zero.</summary>
    LeakyRelu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,
}
