namespace DropoutSharp.Torch;

/// <summary>How concrete dropout starts and draws.</summary>
/// <param name="InitialRate">The drop rate to start from, above 0 and below 1.</param>
/// <param name="Temperature">
/// How soft the mask is; positive. 0 stands for the papers' values, 0.1 elementwise and 2/3 spatial.
/// </param>
/// <param name="IsSpatial">Whether whole channels are dropped (one number a row and channel) instead of single elements.</param>
/// <param name="InputUnits">
/// The number K of units, or channels, that are dropped: what the rate's entropy counts for. 0 takes it from the layer, which must then be a Linear or a convolution.
/// </param>
public readonly record struct ConcreteDropoutOptions(
    double InitialRate = 0.1, double Temperature = 0, bool IsSpatial = false, long InputUnits = 0)
{
    /// <summary>The papers' values, elementwise.</summary>
    public ConcreteDropoutOptions()
        : this(0.1)
    {
    }
}
