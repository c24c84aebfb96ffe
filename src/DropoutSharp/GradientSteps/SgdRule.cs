using System.Numerics;
using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Gradient descent on one weight.</summary>
internal readonly unsafe struct SgdRule<T>(SgdStep step) : IStepRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _rate = T.CreateTruncating(step.LearningRate);
    private readonly T _momentum = T.CreateTruncating(step.Momentum);
    private readonly T _share = T.CreateTruncating(1 - step.Dampening);
    private readonly T _decay = T.CreateTruncating(step.WeightDecay);
    private readonly bool _hasDecay = step.WeightDecay != 0;
    private readonly bool _hasMomentum = step.Momentum != 0;
    private readonly bool _isNesterov = step.IsNesterov;
    private readonly bool _isFirst = step.IsFirst;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(Vector<T> gradient, T* weights, T* first, T* second)
    {
        Vector<T> old = Vector.Load(weights), change = _hasDecay ? gradient + (old * _decay) : gradient;
        if (_hasMomentum)
        {
            Vector<T> buffer = _isFirst ? change : (Vector.Load(first) * _momentum) + (change * _share);
            Vector.Store(buffer, first);
            change = _isNesterov ? change + (buffer * _momentum) : buffer;
        }

        Vector.Store(old - (change * _rate), weights);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(T gradient, T* weight, T* first, T* second)
    {
        T change = _hasDecay ? gradient + (*weight * _decay) : gradient;
        if (_hasMomentum)
        {
            *first = _isFirst ? change : (*first * _momentum) + (change * _share);
            change = _isNesterov ? change + (*first * _momentum) : *first;
        }

        *weight -= change * _rate;
    }
}
