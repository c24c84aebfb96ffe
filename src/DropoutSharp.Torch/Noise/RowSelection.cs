using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Chosen rows of a batch, gathered into a smaller one, or a smaller batch spread over chosen rows of a larger one whose other rows are zero.</summary>
/// <remarks>
/// Each is the other's gradient. libtorch's <c>index_select</c> and <c>index_add</c> do the same; the latter takes a call a row, which costs a small branch more than dropping rows saves.
/// </remarks>
/// <param name="rows">The chosen rows, ascending.</param>
/// <param name="count">The number of rows of the large batch.</param>
/// <param name="scale">What the elements are multiplied with on the way.</param>
/// <param name="gathers">Whether the large batch goes in.</param>
internal sealed class RowSelection(long[] rows, long count, double scale, bool gathers) : TensorNoise
{
    /// <inheritdoc/>
    public override TensorNoise Gradient => new RowSelection(rows, count, scale, !gathers);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor source = input.contiguous();
        long[] shape = TensorMemory.Shape(source);
        shape[0] = gathers ? rows.Length : count;
        Tensor output = empty(shape, source.dtype, CPU);
        switch (source.dtype)
        {
            case ScalarType.Float32:
                Run<float>(source, output);
                break;
            case ScalarType.Float64:
                Run<double>(source, output);
                break;
            case ScalarType.Float16:
                Run<Half>(source, output);
                break;
            default:
                Run<BFloat16>(source, output);
                break;
        }

        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void ApplyInPlace(Tensor input) => throw new NotSupportedException("Rows are selected into a batch of another size, never in place.");

    private unsafe void Run<T>(Tensor source, Tensor output)
        where T : unmanaged
    {
        KernelThreads.Follow();
        long elements = source.numel() / Math.Max(1, source.size(0));
        T* x = (T*)TensorMemory.Address(source), destination = (T*)TensorMemory.Address(output);
        if (gathers)
        {
            DropoutPrimitives.GatherRows(x, destination, rows, count, elements, scale);
        }
        else
        {
            DropoutPrimitives.SpreadRows(x, destination, rows, count, elements, scale);
        }

        GC.KeepAlive(source);
        GC.KeepAlive(output);
    }
}
