using System.Globalization;
using System.Text;

namespace DropoutSharp;

/// <summary>What becomes of kept and dropped elements: a kept x becomes <c>Scale·x + Offset</c>, a dropped one <c>Dropped</c>.</summary>
/// <param name="Scale">What a kept element is multiplied with.</param>
/// <param name="Offset">What is then added to it; 0 adds nothing, so that −0 stays what it is.</param>
/// <param name="Dropped">What a dropped element becomes, whatever it held.</param>
public readonly record struct MaskLaw(double Scale, double Offset = 0, double Dropped = 0)
{
    /// <summary>The law of alpha dropout.</summary>
    /// <param name="alpha">The constants of its drop rate.</param>
    public MaskLaw(AlphaAffine alpha)
        : this(alpha.Scale, alpha.Shift, alpha.Dropped)
    {
    }

    /// <summary>The law of the gradient: kept elements pass with the scale, dropped ones have none.</summary>
    public MaskLaw Gradient => new(Scale);

    /// <summary>Without <see cref="Gradient"/>, whose own gradient would be printed without end.</summary>
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"{nameof(Scale)} = {Scale}, {nameof(Offset)} = {Offset}, {nameof(Dropped)} = {Dropped}");
        return true;
    }
}
