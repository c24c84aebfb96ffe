namespace DropoutSharp;

/// <summary>What a mask does to an element: a kept x becomes <c>Scale·x + Shift</c>, a dropped one <c>Dropped</c>.</summary>
/// <param name="Scale">What a kept element is multiplied with.</param>
/// <param name="Shift">What is then added to it; 0 adds nothing, so that −0 stays what it is.</param>
/// <param name="Dropped">What a dropped element becomes, whatever it held.</param>
internal readonly record struct MaskedAffine(double Scale, double Shift = 0, double Dropped = 0)
{
    public MaskedAffine(AlphaAffine alpha)
        : this(alpha.Scale, alpha.Shift, alpha.Dropped)
    {
    }
}
