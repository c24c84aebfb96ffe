using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A step of an optimiser: kernels for the parameters that they can work on, TorchSharp's own step for the others.</summary>
internal static class ThinnedStep
{
    /// <summary>Whether kernels can step a parameter: 32- or 64-bit numbers without gaps in the CPU's memory.</summary>
    public static bool IsForKernels(Tensor parameter) =>
        TensorMemory.IsForKernels(parameter) && parameter.dtype is ScalarType.Float32 or ScalarType.Float64 && parameter.is_contiguous() && parameter.dim() > 0 && parameter.numel() > 0;

    /// <summary>Begins to collect the parts' gradients of parameters.</summary>
    public static void Open(IEnumerable<Parameter> parameters, optim.Optimizer owner, bool touchesPartsOnly = false) =>
        Each(parameters, parameter => KeptGradients.Open(parameter, owner, touchesPartsOnly));

    /// <summary>Ends it.</summary>
    public static void Close(IEnumerable<Parameter> parameters, optim.Optimizer owner) => Each(parameters, parameter => KeptGradients.Close(parameter, owner));

    /// <summary>Lets all gradients go, whole ones and those of parts.</summary>
    public static void Clear(IEnumerable<Parameter> parameters) => Each(parameters, static parameter =>
    {
        KeptGradients.Of(parameter)?.Clear();
        parameter.grad = null;
    });

    /// <summary>Makes the parts' gradients whole ones.</summary>
    public static void Write(IEnumerable<Parameter> parameters) => Each(parameters, static parameter => KeptGradients.Of(parameter)?.Write(parameter));

    /// <summary>The loss of a closure, computed with gradients; null without one.</summary>
    public static Tensor? Loss(Func<Tensor>? closure)
    {
        if (closure is null)
        {
            return null;
        }

        using IDisposable gradients = enable_grad();
        return closure();
    }

    /// <summary>Steps parameters by kernels where that can be done, and the rest by TorchSharp.</summary>
    /// <param name="groups">The groups of parameters, each with whether kernels know its options.</param>
    /// <param name="single">A step of 32-bit numbers: group, parameter, gradient.</param>
    /// <param name="wide">A step of 64-bit numbers.</param>
    /// <param name="rest">TorchSharp's own step, which passes over parameters without a gradient.</param>
    public static void Run<TGroup>(
        IEnumerable<(TGroup Group, IEnumerable<Parameter> Parameters, bool IsKnown)> groups, Action<TGroup, Parameter, KeptGradient<float>> single, Action<TGroup, Parameter, KeptGradient<double>> wide,
        Action rest)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        List<(Parameter Parameter, Tensor Gradient)> done = [];
        bool isAnyLeft = false;
        foreach ((TGroup group, IEnumerable<Parameter> parameters, bool isKnown) in groups)
        {
            foreach (Parameter parameter in parameters)
            {
                bool fits = isKnown && IsForKernels(parameter);
                if (!fits)
                {
                    KeptGradients.Of(parameter)?.Write(parameter);
                    isAnyLeft = true;
                    continue;
                }

                Tensor? whole = parameter.grad;
                if (Step(parameter, whole, gradient => single(group, parameter, gradient), gradient => wide(group, parameter, gradient)) && whole is not null)
                {
                    done.Add((parameter, whole));
                }
            }
        }

        if (isAnyLeft)
        {
            done.ForEach(static each => each.Parameter.grad = null);
            rest();
            done.ForEach(static each => each.Parameter.grad = each.Gradient);
        }
    }

    private static bool Step(Parameter parameter, Tensor? whole, Action<KeptGradient<float>> single, Action<KeptGradient<double>> wide)
    {
        KeptGradientPart[] parts = KeptGradients.Of(parameter)?.Take() ?? [];
        if (parts.Length == 0 && whole is null)
        {
            return false;
        }

        KernelThreads.Follow();
        using Tensor? dense = whole?.to(parameter.dtype).contiguous();
        if (parameter.dtype == ScalarType.Float32)
        {
            single(Sum<float>(parameter, dense, parts));
        }
        else
        {
            wide(Sum<double>(parameter, dense, parts));
        }

        GC.KeepAlive(dense);
        foreach (KeptGradientPart part in parts)
        {
            part.Dispose();
        }

        // Tells the autograd graph that the parameter has changed, as an operation of libtorch would.
        using Tensor nothing = parameter.narrow(0, 0, 0);
        nothing.zero_();
        return true;
    }

    private static unsafe KeptGradient<T> Sum<T>(Parameter parameter, Tensor? whole, KeptGradientPart[] parts)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        int rows = parts.Length > 0 ? parts[0].Parts[0].Rows : parameter.dim() == 1 ? 1 : checked((int)parameter.size(0));
        KeptGradient<T> sum = new(rows, checked((int)(parameter.numel() / rows)));
        if (whole is not null)
        {
            sum.AddWhole((T*)TensorMemory.Address(whole));
        }

        foreach (KeptGradientPart each in parts)
        {
            T* values = (T*)TensorMemory.Address(each.Values);
            foreach (Submatrix part in each.Parts)
            {
                sum.Add(part, values, T.CreateTruncating(each.Scale));
                values += part.Length;
            }
        }

        return sum;
    }

    private static void Each(IEnumerable<Parameter> parameters, Action<Parameter> action)
    {
        foreach (Parameter parameter in parameters)
        {
            action(parameter);
        }
    }
}
