using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Training;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019), one pass over each parameter's memory.</summary>
/// <remarks>
/// <c>m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w(1 − ηλ) − η·m̂/(√v̂ + ε)</c> with β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸. Weights of two or more
/// dimensions decay; biases, scales and whatever else is learned do not. TorchSharp's own optimiser runs a dozen native operations with as many temporaries a parameter, which for small networks
/// costs more than forward and backward together; the elements are independent, so that this form gives the same numbers at any vector width.
/// </remarks>
internal sealed unsafe class AdamW : IDisposable
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const float Epsilon = 1e-8f;

    private readonly Slot[] _slots;
    private readonly float _weightDecay;
    private int _step;

    public AdamW(nn.Module network, double weightDecay)
    {
        _slots =
        [
            .. network.named_parameters().Where(entry => entry.parameter.requires_grad)
                .Select(entry => new Slot(entry.parameter, entry.parameter.dim() >= 2 && entry.name.EndsWith("weight", StringComparison.Ordinal))),
        ];
        _weightDecay = (float)weightDecay;
    }

    /// <summary>Moves every parameter that has a gradient by one step and sets the gradients to zero.</summary>
    public void Step(double learningRate)
    {
        _step++;
        double correction1 = 1 - Math.Pow(Beta1, _step), correction2 = 1 - Math.Pow(Beta2, _step);
        foreach (Slot slot in _slots)
        {
            using Tensor? gradient = slot.Parameter.grad;
            if (gradient is not null)
            {
                float decay = slot.Decays ? (float)(1 - (learningRate * _weightDecay)) : 1;
                Update(slot, Memory(gradient, slot.Count), decay, (float)(learningRate / correction1), (float)(1 / Math.Sqrt(correction2)));
            }
        }
    }

    public void Dispose()
    {
        foreach (Slot slot in _slots)
        {
            NativeMemory.Free(slot.Moments);
        }
    }

    private static void Update(Slot slot, float* gradient, float decay, float rate, float rootScale)
    {
        float* weight = Memory(slot.Parameter, slot.Count), first = slot.Moments, second = slot.Moments + slot.Count;
        int i = 0;
        Vector<float> epsilon = new(Epsilon);
        for (; i <= slot.Count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> g = Vector.Load(gradient + i);
            Vector<float> m = (Vector.Load(first + i) * Beta1) + (g * (1 - Beta1));
            Vector<float> v = (Vector.Load(second + i) * Beta2) + (g * g * (1 - Beta2));
            Vector<float> w = (Vector.Load(weight + i) * decay) - (m * rate / ((Vector.SquareRoot(v) * rootScale) + epsilon));
            m.Store(first + i);
            v.Store(second + i);
            w.Store(weight + i);
            Vector<float>.Zero.Store(gradient + i);
        }

        for (; i < slot.Count; i++)
        {
            float g = gradient[i];
            float m = first[i] = (first[i] * Beta1) + (g * (1 - Beta1));
            float v = second[i] = (second[i] * Beta2) + (g * g * (1 - Beta2));
            weight[i] = (weight[i] * decay) - (m * rate / ((MathF.Sqrt(v) * rootScale) + Epsilon));
            gradient[i] = 0;
        }
    }

    private static float* Memory(Tensor values, int count)
    {
        if (values.dtype != ScalarType.Float32 || !values.is_contiguous() || values.numel() != count)
        {
            throw new InvalidOperationException(
                $"Parameters and gradients must be contiguous float32 of {count} elements; received {values.dtype} of {values.numel()}.");
        }

        return (float*)(nint)values.storage<float>().data_ptr() + values.storage_offset();
    }

    private sealed class Slot
    {
        public Slot(Parameter parameter, bool decays)
        {
            (Parameter, Decays) = (parameter, decays);
            Count = checked((int)parameter.numel());
            Moments = (float*)NativeMemory.AllocZeroed((nuint)Count * 2, sizeof(float));
        }

        public Parameter Parameter { get; }

        public bool Decays { get; }

        public int Count { get; }

        public float* Moments { get; }
    }
}
