using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The gradients of a parameter's kept parts, from the backward pass to the step of the optimiser that uses them.</summary>
/// <remarks>A parameter has such a place while an optimiser of this library is responsible for it; without one its gradients are whole tensors.</remarks>
internal sealed class KeptGradients
{
    private static readonly ConditionalWeakTable<Tensor, KeptGradients> Places = [];

    private readonly List<KeptGradientPart> _parts = [];
    private WeakReference<optim.Optimizer>? _owner;
    private bool _touchesPartsOnly;

    /// <summary>What becomes of the gradients of a parameter's parts.</summary>
    public static WeightGradients Use(Tensor parameter) =>
        !is_grad_enabled() || !parameter.requires_grad ? WeightGradients.None
        : Of(parameter) is not KeptGradients place || !ThinnedStep.IsForKernels(parameter) ? WeightGradients.Whole
        : place._touchesPartsOnly ? WeightGradients.PartsOnly
        : WeightGradients.Parts;

    /// <summary>A parameter's place; null where nobody collects its parts' gradients.</summary>
    public static KeptGradients? Of(Tensor parameter) =>
        Places.TryGetValue(parameter, out KeptGradients? place) && place._owner?.TryGetTarget(out _) == true ? place : null;

    /// <summary>Begins to collect for an optimiser; the latest one is responsible.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="owner">The optimiser.</param>
    /// <param name="touchesPartsOnly">Whether its steps leave weights alone that are not kept.</param>
    public static void Open(Parameter parameter, optim.Optimizer owner, bool touchesPartsOnly)
    {
        KeptGradients place = Places.GetValue(parameter, static _ => new KeptGradients());
        (place._owner, place._touchesPartsOnly) = (new WeakReference<optim.Optimizer>(owner), touchesPartsOnly);
    }

    /// <summary>Ends it, unless another optimiser has become responsible; what nobody used is lost.</summary>
    public static void Close(Parameter parameter, optim.Optimizer owner)
    {
        if (Places.TryGetValue(parameter, out KeptGradients? place) && place._owner is WeakReference<optim.Optimizer> held && held.TryGetTarget(out optim.Optimizer? current) && current == owner)
        {
            place.Clear();
            Places.Remove(parameter);
        }
    }

    /// <summary>Adds the gradient of parts, as <see cref="KeptParts"/> gives them.</summary>
    public void Add(Submatrix[] parts, double scale, Tensor gradient)
    {
        using Tensor flat = gradient.contiguous();
        Tensor held = flat.detach();
        held.DetachFromDisposeScope();
        lock (_parts)
        {
            _parts.Add(new KeptGradientPart(parts, scale, held));
        }
    }

    /// <summary>Takes out what was collected; the caller disposes it.</summary>
    public KeptGradientPart[] Take()
    {
        lock (_parts)
        {
            KeptGradientPart[] taken = [.. _parts];
            _parts.Clear();
            return taken;
        }
    }

    /// <summary>Forgets what was collected.</summary>
    public void Clear()
    {
        foreach (KeptGradientPart part in Take())
        {
            part.Dispose();
        }
    }

    /// <summary>Makes what was collected a part of the parameter's whole gradient.</summary>
    public void Write(Parameter parameter)
    {
        using IDisposable noGradient = no_grad();
        foreach (KeptGradientPart part in Take())
        {
            using (part)
            {
                Tensor whole = new KeptParts(part.Parts, TensorMemory.Shape(parameter), part.Scale).Gradient.Apply(part.Values);
                using Tensor? old = parameter.grad;
                if (old is null)
                {
                    parameter.grad = whole;
                }
                else
                {
                    using Tensor added = whole;
                    old.Increase(added);
                }
            }
        }
    }
}
