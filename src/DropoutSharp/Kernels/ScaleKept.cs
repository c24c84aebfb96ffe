using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Dropout's function: a kept element times the scale, +0 for a dropped one.</summary>
internal readonly unsafe struct ScaleKept(double scale) : IKeptFunction
{
    private readonly Coefficient _scale = new(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReals Invoke<TReals>(TReals x, uint* kept, int part)
        where TReals : struct, IReals<TReals> => TReals.MultiplyKept(kept, part, x, TReals.Broadcast(_scale));
}
