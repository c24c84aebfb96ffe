using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A node of the autograd graph whose backward pass is ours.</summary>
/// <remarks>
/// libtorch calls a node back through two plain function pointers without a place for state, so each node has its own pair. Making a pair costs
/// microseconds and is done once: nodes whose place in a graph is gone are used again.
/// </remarks>
internal sealed unsafe class NoiseNode
{
    /// <summary>Who holds a gradient within <see cref="INodeBackward.Gradients"/> if nobody needs it any more: libtorch's call and our handle.</summary>
    public const int GradientHolders = 2;

    /// <summary>From this size on, a copy of a gradient costs more than a view of the tensor that it belongs to, which is a node more in the graph.</summary>
    private const long LargeElements = 1 << 18;

    private const int MostInputs = 4;

    private static readonly ConcurrentBag<NoiseNode> Free = [];

    /// <summary>Every node ever made: libtorch's function pointers keep neither delegates nor nodes from being collected.</summary>
    private static readonly ConcurrentBag<NoiseNode> All = [];

    /// <summary>The node that last handed gradients to libtorch on this thread. libtorch has its own handles of them by the next call.</summary>
    /// <remarks>The gradients belong to the thread, not to the node: another thread may use the node again before this one comes back to it.</remarks>
    [ThreadStatic]
    private static NoiseNode? _last;

    [ThreadStatic]
    private static Tensor?[]? _lastGradients;

    private readonly ApplyCallback _apply;
    private readonly DeletedCallback _deleted;
    private readonly nint _applyAddress;
    private readonly nint _deletedAddress;
    private readonly nint* _results = (nint*)NativeMemory.Alloc(MostInputs, (nuint)sizeof(nint));
    private INodeBackward? _backward;
    private int _inputs;
    private NativeAutograd.Node _saver;

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
        FreeLastGradients();
        Tensor output;
        using (no_grad())
        {
            output = NoiseFunction.Compute(noise, input, inPlace);
        }

        // A leaf takes over a gradient that nobody else holds, and copies any other. Ours has a handle still (FreeLastGradients); through a view it has none.
        using Tensor? view = !inPlace && input.is_leaf && input.numel() >= LargeElements ? input.view_as(input) : null;
        return Wrap(noise, [view ?? input], output, inPlace);
    }

    /// <summary>Makes a tensor that was computed from others their result in the graph.</summary>
    /// <param name="backward">The backward pass; it is released with the node.</param>
    /// <param name="inputs">What the tensor was computed from: one to four tensors, of which one or more require a gradient.</param>
    /// <param name="output">The tensor, outside the graph; it is disposed.</param>
    /// <param name="inPlace">Whether it is the only input, changed.</param>
    /// <param name="save">Called with the node and with the result: keeps what the backward pass needs. Null where that is nothing.</param>
    public static Tensor Wrap(INodeBackward backward, ReadOnlySpan<Tensor> inputs, Tensor output, bool inPlace = false, Action<NativeAutograd.Node, Tensor>? save = null)
    {
        (NoiseNode slot, NativeAutograd.Node node) = Create(backward, inputs.Length);
        Tensor? result = null;
        try
        {
            nint* handles = stackalloc nint[MostInputs];
            for (int i = 0; i < inputs.Length; i++)
            {
                handles[i] = inputs[i].Handle;
            }

            var all = new NativeAutograd.Handles { Array = handles, Size = inputs.Length };
            NativeAutograd.SetNextEdges(node, all, isExecutable: true);
            CheckForErrors();
            nint wrapped = NativeAutograd.WrapOutput(node, all, output.Handle, inPlace);
            CheckForErrors();
            result = Tensor.UnsafeCreateTensor(wrapped);
            if (save is not null)
            {
                slot._saver = node;
                save(node, result);
            }

            return result;
        }
        catch
        {
            result?.Dispose();
            throw;
        }
        finally
        {
            // From here on the output alone keeps the node; without one it is gone, and Release has run.
            NativeAutograd.DisposeShared(node);
            if (save is null || result is null)
            {
                NativeAutograd.DisposeWeak(node);
            }

            output.Dispose();
            foreach (Tensor input in inputs)
            {
                GC.KeepAlive(input);
            }
        }
    }

    /// <summary>Makes a tensor and what was computed from it the two results of a node.</summary>
    /// <param name="backward">The backward pass; it is released with the node.</param>
    /// <param name="input">The tensor, which requires a gradient.</param>
    /// <param name="output">What was computed from it, outside the graph; it is disposed.</param>
    /// <returns>A view of the tensor, and what was computed, both within the graph.</returns>
    public static (Tensor Same, Tensor Computed) Split(ISplitBackward backward, Tensor input, Tensor output)
    {
        NativeAutograd.Node node = Create(backward, 1).Node;
        try
        {
            nint handle = input.Handle;
            var inputs = new NativeAutograd.Handles { Array = &handle, Size = 1 };
            NativeAutograd.SetNextEdges(node, inputs, isExecutable: true);
            CheckForErrors();
            (nint same, nint computed) = NativeAutograd.WrapOutputs(node, inputs, handle, output.Handle);
            CheckForErrors();
            return (Tensor.UnsafeCreateTensor(same), Tensor.UnsafeCreateTensor(computed));
        }
        finally
        {
            NativeAutograd.DisposeShared(node);
            NativeAutograd.DisposeWeak(node);
            output.Dispose();
            GC.KeepAlive(input);
        }
    }

    private static (NoiseNode Slot, NativeAutograd.Node Node) Create(INodeBackward backward, int inputs)
    {
        NoiseNode slot = Free.TryTake(out NoiseNode? free) ? free : new NoiseNode();
        (slot._backward, slot._inputs) = (backward, inputs);
        NativeAutograd.Node node = NativeAutograd.CreateNode(slot._applyAddress, slot._deletedAddress);
        CheckForErrors();
        return (slot, node);
    }

    private static void FreeLastGradients()
    {
        foreach (Tensor? gradient in _lastGradients ?? [])
        {
            gradient?.Dispose();
        }

        (_last, _lastGradients) = (null, null);
    }

    /// <summary>Called by libtorch with the gradient of the output; gives the gradients of the inputs.</summary>
    private NativeAutograd.Handles Backward(nint* gradients, int count)
    {
        FreeLastGradients();
        new Span<nint>(_results, MostInputs).Clear();
        if (gradients[0] != 0 || (count > 1 && gradients[1] != 0)) // an output that nothing depends on has no gradient
        {
            var results = new Tensor?[MostInputs]; // not the thread's: what is computed for a graph of the gradients makes nodes too
            Tensor? gradient = gradients[0] != 0 ? Tensor.UnsafeCreateTensor(gradients[0]) : null;
            try
            {
                if (_backward is ISplitBackward split)
                {
                    using Tensor? second = gradients[1] != 0 ? Tensor.UnsafeCreateTensor(gradients[1]) : null;
                    split.Gradients(gradient, second, results);
                }
                else
                {
                    _backward!.Gradients(gradient!, results); // a node of one output
                }
            }
            catch (Exception exception)
            {
                Tensor refusal = Refusal(exception);
                Array.Fill(results, refusal, 0, _inputs); // libtorch looks at those alone whose inputs require a gradient
            }

            if (gradient is not null && !ReferenceEquals(results[0], gradient))
            {
                gradient.Dispose();
            }

            for (int i = 0; i < _inputs; i++)
            {
                _results[i] = results[i]?.Handle ?? 0;
            }

            FreeLastGradients();
            (_last, _lastGradients) = (this, results);
        }

        return new NativeAutograd.Handles { Array = _results, Size = _inputs };
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
            FreeLastGradients();
        }

        INodeBackward? backward = _backward;
        NativeAutograd.Node saver = _saver;
        (_backward, _saver) = (null, default);
        Free.Add(this);
        backward?.Release();
        if (saver.Weak != 0)
        {
            NativeAutograd.DisposeWeak(saver);
        }
    }
}
