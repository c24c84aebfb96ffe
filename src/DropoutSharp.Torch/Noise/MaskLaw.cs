namespace DropoutSharp.Torch;

/// <summary>What becomes of kept and dropped elements: <c>kept ? Scale·x + Offset : Dropped</c>.</summary>
/// <param name="Scale">What a kept element is multiplied with.</param>
/// <param name="Offset">What is then added to a kept element.</param>
/// <param name="Dropped">What a dropped element becomes.</param>
internal readonly record struct MaskLaw(double Scale, double Offset = 0, double Dropped = 0)
{
    /// <summary>The law of the gradient: kept elements pass with the scale, dropped ones have none.</summary>
    public MaskLaw Gradient => new(Scale);
}
