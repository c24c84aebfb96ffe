namespace DropoutSharp.Averaging;

/// <summary>What stands between two layers of a <see cref="DenseNetwork"/>.</summary>
public enum HiddenActivation
{
    /// <summary>Nothing: the network is linear up to its output.</summary>
    Identity,

    /// <summary><c>max(0, z)</c>.</summary>
    Relu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary><c>1 / (1 + exp(−z))</c>.</summary>
    Sigmoid,
}
