using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Bias, dropout and the sum with a residual: <c>residual + (kept ? (x + bias)·scale : +0)</c>.</summary>
internal readonly unsafe struct DropoutAddFunction<TBias>(float* x, TBias bias, float* residual, double scale) : IFusedFunction
    where TBias : struct, IBias
{
    private readonly TBias _bias = bias;
    private readonly Coefficient _scale = new(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSingles Invoke<TSingles>(long position, uint* kept, int part)
        where TSingles : struct, ISingles<TSingles> =>
        TSingles.Load(residual + position) + TSingles.MultiplyKept(kept, part, _bias.AddTo(TSingles.Load(x + position), position), TSingles.Broadcast(_scale));
}
