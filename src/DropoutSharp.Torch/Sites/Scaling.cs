namespace DropoutSharp.Torch;

/// <summary>When kept elements are scaled, so that training and evaluation have the same expectation.</summary>
public enum Scaling
{
    /// <summary>In training: <c>y = x·m/p</c>; evaluation is the identity. What every current framework does.</summary>
    Inverted,

    /// <summary>In evaluation: <c>y = x·m</c> in training and <c>y = p·x</c> in evaluation (Srivastava et al. 2014, §4).</summary>
    AtInference,

    /// <summary>
    /// Never: <c>y = x·m</c> in training, and evaluation is the identity, so that the two differ in their expectation. Only for residual branches (<see cref="DropPath"/>,
    /// <see cref="StochasticDepth"/>), where timm has it as <c>scale_by_keep=False</c>.
    /// </summary>
    None,
}
