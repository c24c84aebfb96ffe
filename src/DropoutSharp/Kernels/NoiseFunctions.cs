using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Additive noise: x + σ·n.</summary>
internal readonly struct AddNoise(double standardDeviation) : INoiseFunction
{
    private readonly Coefficient _standardDeviation = new(standardDeviation);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReals Invoke<TReals>(TReals x, TReals normal)
        where TReals : struct, IReals<TReals> => x + (TReals.Broadcast(_standardDeviation) * normal);
}

/// <summary>Multiplicative noise: x·(1 + σ·n).</summary>
internal readonly struct MultiplyByNoise(double standardDeviation) : INoiseFunction
{
    private readonly Coefficient _standardDeviation = new(standardDeviation);
    private readonly Coefficient _one = new(1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReals Invoke<TReals>(TReals x, TReals normal)
        where TReals : struct, IReals<TReals> =>
        x * (TReals.Broadcast(_one) + (TReals.Broadcast(_standardDeviation) * normal));
}
