using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>A <see cref="MaskLaw"/> as a function: a kept element times the scale plus the offset, a constant for a dropped one.</summary>
internal readonly unsafe struct AffineKept(MaskLaw law) : IKeptFunction
{
    private readonly Coefficient _scale = new(law.Scale);
    private readonly Coefficient _offset = new(law.Offset);
    private readonly Coefficient _dropped = new(law.Dropped);
    private readonly bool _shifts = law.Offset != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReals Invoke<TReals>(TReals x, uint* kept, int part)
        where TReals : struct, IReals<TReals>
    {
        // Adding an offset of 0 would turn −0 into +0.
        TReals value = x * TReals.Broadcast(_scale);
        return TReals.SelectKept(kept, part, _shifts ? value + TReals.Broadcast(_offset) : value, TReals.Broadcast(_dropped));
    }
}
