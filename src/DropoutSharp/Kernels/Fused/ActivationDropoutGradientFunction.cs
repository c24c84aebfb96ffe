using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>The gradient of bias, activation and dropout: <c>kept ? gradient·scale·activation′(x + bias) : +0</c>.</summary>
internal readonly unsafe struct ActivationDropoutGradientFunction<TActivation, TBias>(float* gradient, float* x, TBias bias, double scale) : IFusedFunction
    where TActivation : struct, IActivationFunction
    where TBias : struct, IBias
{
    private readonly TBias _bias = bias;
    private readonly Coefficient _scale = new(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSingles Invoke<TSingles>(long position, uint* kept, int part)
        where TSingles : struct, ISingles<TSingles>
    {
        TSingles scaled = TSingles.Load(gradient + position) * TSingles.Broadcast(_scale);
        return TSingles.MultiplyKept(kept, part, scaled, TActivation.Slope(_bias.AddTo(TSingles.Load(x + position), position)));
    }
}
