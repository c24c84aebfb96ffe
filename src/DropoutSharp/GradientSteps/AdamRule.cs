using System.Numerics;
using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Adam or AdamW on one weight.</summary>
internal readonly unsafe struct AdamRule<T>(AdamStep step) : IStepRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _rate = T.CreateTruncating(step.LearningRate / (1 - Math.Pow(step.Beta1, step.Time)));
    private readonly T _beta1 = T.CreateTruncating(step.Beta1);
    private readonly T _rest1 = T.CreateTruncating(1 - step.Beta1);
    private readonly T _beta2 = T.CreateTruncating(step.Beta2);
    private readonly T _rest2 = T.CreateTruncating(1 - step.Beta2);
    private readonly T _rootScale = T.CreateTruncating(1 / Math.Sqrt(1 - Math.Pow(step.Beta2, step.Time)));
    private readonly T _epsilon = T.CreateTruncating(step.Epsilon);
    private readonly T _decay = T.CreateTruncating(step.IsDecoupled ? 0 : step.WeightDecay);
    private readonly bool _hasDecay = !step.IsDecoupled && step.WeightDecay != 0;
    private readonly T _kept = T.CreateTruncating(step.IsDecoupled ? 1 - (step.LearningRate * step.WeightDecay) : 1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(Vector<T> gradient, T* weights, T* first, T* second)
    {
        Vector<T> weight = Vector.Load(weights), change = _hasDecay ? gradient + (weight * _decay) : gradient;
        Vector<T> mean = (Vector.Load(first) * _beta1) + (change * _rest1), square = (Vector.Load(second) * _beta2) + (change * change * _rest2);
        Vector.Store(mean, first);
        Vector.Store(square, second);
        Vector<T> root = (Vector.SquareRoot(square) * _rootScale) + new Vector<T>(_epsilon);
        Vector.Store((weight * _kept) - (mean / root * _rate), weights);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(T gradient, T* weight, T* first, T* second)
    {
        T change = _hasDecay ? gradient + (*weight * _decay) : gradient;
        *first = (*first * _beta1) + (change * _rest1);
        *second = (*second * _beta2) + (change * change * _rest2);
        *weight = (*weight * _kept) - (*first / ((T.Sqrt(*second) * _rootScale) + _epsilon) * _rate);
    }
}
