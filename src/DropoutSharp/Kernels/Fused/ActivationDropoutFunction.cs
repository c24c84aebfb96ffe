using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Bias, activation and dropout: <c>kept ? activation(x + bias)·scale : +0</c>.</summary>
internal readonly unsafe struct ActivationDropoutFunction<TActivation, TBias>(float* x, TBias bias, double scale) : IFusedFunction
    where TActivation : struct, IActivationFunction
    where TBias : struct, IBias
{
    private readonly TBias _bias = bias;
    private readonly Coefficient _scale = new(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSingles Invoke<TSingles>(long position, uint* kept, int part)
        where TSingles : struct, ISingles<TSingles> =>
        TSingles.MultiplyKept(kept, part, TActivation.Value(_bias.AddTo(TSingles.Load(x + position), position)), TSingles.Broadcast(_scale));
}
