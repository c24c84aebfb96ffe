using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A node of the autograd graph that applies noise to the gradient and keeps nothing but where the noise lies.</summary>
/// <remarks>
/// libtorch calls a node back through two plain function pointers without a place for state, so each node has its own pair. Making a pair costs
/// microseconds and is done once: nodes whose place in a graph is gone are used again.
/// </remarks>
internal sealed unsafe class NoiseNode
{
    /// <summary>From this size on, a copy of a gradient costs more than a view of the tensor that it belongs to.</summary>
    private const long LargeElements = 1 << 14;

    private static readonly ConcurrentBag<NoiseNode> Free = [];

    /// <summary>Every node ever made: libtorch's function pointers keep neither delegates nor nodes from being collected.</summary>
    private static readonly ConcurrentBag<NoiseNode> All = [];

    /// <summary>The node that last handed a gradient to libtorch on this thread. libtorch has its own handle of it by the next call.</summary>
    /// <remarks>The gradient belongs to the thread, not to the node: another thread may use the node again before this one comes back to it.</remarks>
    [ThreadStatic]
    private static NoiseNode? _last;

    [ThreadStatic]
    private static Tensor? _lastGradient;

    private readonly ApplyCallback _apply;
    private readonly DeletedCallback _deleted;
    private readonly nint _applyAddress;
    private readonly nint _deletedAddress;
    private readonly nint* _result = (nint*)NativeMemory.Alloc((nuint)sizeof(nint));
    private TensorNoise? _noise;

    private NoiseNode()
    {
        (_apply, _deleted) = (Backward, Release);
        _applyAddress = Marshal.GetFunctionPointerForDelegate(_apply);
        _deletedAddress = Marshal.GetFunctionPointerForDelegate(_deleted);
        All.Add(this);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate NativeAutograd.Handles ApplyCallback(nint* gradients, int count);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void DeletedCallback();

    /// <summary>How many nodes were made and wait to be used again; for tests.</summary>
    internal static int FreeCount => Free.Count;

    /// <summary>Applies noise to a tensor that requires a gradient.</summary>
    public static Tensor Apply(TensorNoise noise, Tensor input, bool inPlace)
    {
        FreeLastGradient();
        Tensor output;
        using (no_grad())
        {
            output = NoiseFunction.Compute(noise, input, inPlace);
        }

        NoiseNode slot = Free.TryTake(out NoiseNode? free) ? free : new NoiseNode();
        slot._noise = noise;
        NativeAutograd.Node node = NativeAutograd.CreateNode(slot._applyAddress, slot._deletedAddress);
        CheckForErrors();
        try
        {
            // A leaf takes over a gradient that nobody else holds, and copies any other. Ours has a handle still (FreeLastGradient); through a view it has none.
            using Tensor? view = !inPlace && input.is_leaf && input.numel() >= LargeElements ? input.view_as(input) : null;
            nint handle = (view ?? input).Handle;
            NativeAutograd.SetNextEdges(node, new NativeAutograd.Handles { Array = &handle, Size = 1 }, isExecutable: true);
            CheckForErrors();
            nint result = NativeAutograd.WrapOutput(node, handle, output.Handle, inPlace);
            CheckForErrors();
            return Tensor.UnsafeCreateTensor(result);
        }
        finally
        {
            // From here on the output alone keeps the node; without one it is gone, and Release has run.
            NativeAutograd.DisposeShared(node);
            NativeAutograd.DisposeWeak(node);
            output.Dispose();
            GC.KeepAlive(input);
        }
    }

    private static void FreeLastGradient()
    {
        _last = null;
        _lastGradient?.Dispose();
        _lastGradient = null;
    }

    /// <summary>Called by libtorch with the gradient of the output; gives the gradient of the input.</summary>
    private NativeAutograd.Handles Backward(nint* gradients, int count)
    {
        FreeLastGradient();
        *_result = 0;
        if (gradients[0] != 0) // an output that nothing depends on has no gradient
        {
            Tensor result;
            try
            {
                using Tensor gradient = Tensor.UnsafeCreateTensor(gradients[0]);
                if (!gradient.requires_grad && _noise!.TryKeepGradient(gradient)) // a gradient that shall have gradients itself must be in the graph
                {
                    return new NativeAutograd.Handles { Array = _result, Size = 1 };
                }

                result = NoiseFunction.Apply(_noise!.Gradient, gradient);
            }
            catch (Exception exception)
            {
                result = Refusal(exception);
            }

            *_result = result.Handle;
            (_last, _lastGradient) = (this, result);
        }

        return new NativeAutograd.Handles { Array = _result, Size = 1 };
    }

    /// <summary>
    /// An exception must not leave <see cref="Backward"/>: it would end the process. A gradient without memory makes libtorch itself refuse the
    /// backward pass, which reaches the caller as an exception.
    /// </summary>
    private static Tensor Refusal(Exception exception)
    {
        Console.Error.WriteLine($"The backward pass of dropout failed: {exception.Message}");
        return empty(0, device: META);
    }

    /// <summary>Called by libtorch when the node's place in the graph is gone.</summary>
    private void Release()
    {
        if (_last == this)
        {
            FreeLastGradient();
        }

        _noise = null;
        Free.Add(this);
    }
}
