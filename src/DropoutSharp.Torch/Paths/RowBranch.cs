using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A residual branch that is run for chosen rows: the rows go out of the batch, and what the branch makes of them is added to it.</summary>
/// <remarks>
/// Both ends are a node of the autograd graph each, so that a batch is gone over once in either direction: forward, the sum is written where the batch is copied; backward, the branch's gradient is added to its rows where the
/// gradient of the batch that passes by is copied. Where nobody else holds that gradient nothing is copied: the branch's is added to it in its own memory, and rows that were not chosen are not touched.
/// </remarks>
/// <param name="rows">The chosen rows, ascending.</param>
/// <param name="count">The number of rows of the batch.</param>
/// <param name="scale">What the branch's output is multiplied with.</param>
internal sealed class RowBranch(long[] rows, long count, double scale)
{
    /// <summary>Takes the rows out of a batch.</summary>
    /// <param name="input">The batch, in the CPU's memory.</param>
    /// <returns>The batch, to which the branch is to be added, and the rows.</returns>
    public (Tensor Batch, Tensor Rows) Begin(Tensor input)
    {
        var selection = new RowSelection(rows, count, 1, gathers: true);
        if (!is_grad_enabled() || !input.requires_grad || !IsOurs)
        {
            return (input.alias(), NoiseFunction.Apply(selection, input));
        }

        Tensor gathered;
        using (no_grad())
        {
            gathered = selection.Apply(input);
        }

        return NoiseNode.Split(new RowsGradient(rows, count), input, gathered);
    }

    /// <summary>Adds the branch's output to the batch, in a new tensor.</summary>
    /// <param name="batch">What it is added to, in the CPU's memory.</param>
    /// <param name="branched">The branch's output for the rows.</param>
    public Tensor End(Tensor batch, Tensor branched)
    {
        if (!IsOurs || batch.dtype != branched.dtype)
        {
            return batch.Plus(NoiseFunction.Apply(new RowSelection(rows, count, scale, gathers: false), branched));
        }

        Tensor sum;
        using (no_grad())
        {
            sum = Sum(batch, branched, rows, scale);
        }

        return is_grad_enabled() && (batch.requires_grad || branched.requires_grad)
            ? NoiseNode.Wrap(new SumGradient(rows, count, scale, batch.requires_grad, branched.requires_grad), [batch, branched], sum)
            : sum;
    }

    private static bool IsOurs => NativeAutograd.IsKnown && !NoiseFunction.t_usePublicInterface;

    private static Tensor Sum(Tensor batch, Tensor added, long[] rows, double scale)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor large = batch.contiguous(), sum = TensorMemory.NewLike(large);
        AddTo(large, added, sum, rows, scale);
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>Writes the sum to a tensor that may be the batch itself; both are contiguous.</summary>
    private static void AddTo(Tensor large, Tensor added, Tensor sum, long[] rows, double scale)
    {
        using Tensor small = added.contiguous();
        switch (large.dtype)
        {
            case ScalarType.Float32:
                Add<float>(large, small, sum, rows, scale);
                break;
            case ScalarType.Float64:
                Add<double>(large, small, sum, rows, scale);
                break;
            case ScalarType.Float16:
                Add<Half>(large, small, sum, rows, scale);
                break;
            default:
                Add<BFloat16>(large, small, sum, rows, scale);
                break;
        }
    }

    private static unsafe void Add<T>(Tensor batch, Tensor added, Tensor sum, long[] rows, double scale)
        where T : unmanaged
    {
        KernelThreads.Follow();
        long count = batch.size(0), elements = batch.numel() / Math.Max(1, count);
        DropoutPrimitives.AddRows(
            (T*)TensorMemory.Address(batch), (T*)TensorMemory.Address(added), (T*)TensorMemory.Address(sum), rows, count, elements, scale);
        GC.KeepAlive(batch);
        GC.KeepAlive(added);
        GC.KeepAlive(sum);
    }

    /// <summary>The gradient of the batch where it is split: that of what passes by, with that of the rows added to them.</summary>
    private sealed class RowsGradient(long[] rows, long count) : ISplitBackward
    {
        public void Gradients(Tensor? same, Tensor? computed, Span<Tensor?> gradients)
        {
            var spread = new RowSelection(rows, count, 1, gathers: false);
            gradients[0] = (same, computed) switch
            {
                (Tensor passing, null) => passing.alias(),
                (null, Tensor branch) => NoiseFunction.Apply(spread, branch),
                (Tensor passing, Tensor branch) when passing.requires_grad || branch.requires_grad || passing.dtype != branch.dtype =>
                    passing.Plus(NoiseFunction.Apply(spread, branch)), // a gradient that shall have gradients itself must be in the graph
                (Tensor passing, Tensor branch) => SumOfGradients(passing, branch),
                _ => null,
            };
        }

        private Tensor SumOfGradients(Tensor passing, Tensor branch)
        {
            if (is_grad_enabled() || !passing.is_contiguous() || !UnsharedMemory.Is(passing, NoiseNode.GradientHolders))
            {
                return Sum(passing, branch, rows, 1);
            }

            AddTo(passing, branch, passing, rows, 1);
            return passing;
        }
    }

    /// <summary>The gradients of the sum: the batch's is the sum's own, the branch's is that of its rows.</summary>
    private sealed class SumGradient(long[] rows, long count, double scale, bool batchNeeds, bool branchNeeds) : INodeBackward
    {
        public void Gradients(Tensor gradient, Span<Tensor?> gradients)
        {
            gradients[0] = batchNeeds ? gradient.alias() : null;
            gradients[1] = branchNeeds ? NoiseFunction.Apply(new RowSelection(rows, count, scale, gathers: true), gradient) : null;
        }

        public void Release()
        {
        }
    }
}
