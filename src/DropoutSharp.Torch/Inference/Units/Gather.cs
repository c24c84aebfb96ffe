using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Takes units out of tensors: those of a mask out of values, rows and columns out of weights.</summary>
internal static class Gather
{
    // Below this many numbers a second thread costs more than it brings.
    private const long LeastForThreads = 1 << 17;

    /// <summary>The units of a dimension, in the order given.</summary>
    public static Tensor Units(Tensor source, int dimension, long[] units)
    {
        long[] shape = source.shape;
        if (!IsSimple(source))
        {
            using Tensor index = tensor(units, device: source.device);
            return source.index_select(dimension, index);
        }

        using Tensor dense = source.contiguous();
        long outer = Product(shape[..dimension]), inner = Product(shape[(dimension + 1)..]), count = shape[dimension];
        shape[dimension] = units.Length;
        Tensor result = empty(shape, source.dtype, source.device);
        Copy(dense, result, outer, count * inner, units, inner, 1);
        return result;
    }

    /// <summary>A part of a layer's weights: (outputs, inputs, …), multiplied with a scale.</summary>
    /// <param name="weight">All of them.</param>
    /// <param name="outputs">Which outputs; null for all.</param>
    /// <param name="inputs">Which inputs; null for all.</param>
    /// <param name="scale">What the weights are multiplied with.</param>
    public static Tensor Weights(Tensor weight, long[]? outputs, long[]? inputs, double scale)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        if (!IsSimple(weight) || !weight.is_contiguous())
        {
            Tensor part = outputs is null ? weight : weight.index_select(0, tensor(outputs, device: weight.device));
            part = inputs is null ? part : part.index_select(1, tensor(inputs, device: weight.device));
            using TorchSharp.Scalar factor = scale;
            return part.mul(factor).MoveToOuterDisposeScope();
        }

        long[] shape = weight.shape;
        long kernel = Product(shape[2..]), row = shape[1] * kernel;
        outputs ??= Range(shape[0]);
        inputs ??= Range(shape[1]);
        Tensor result = empty([outputs.Length, inputs.Length, .. shape[2..]], weight.dtype, weight.device);
        Copy(weight, result, outputs, row, inputs, kernel, scale);
        return result.MoveToOuterDisposeScope();
    }

    private static long[] Range(long count)
    {
        long[] range = new long[count];
        for (int i = 0; i < range.Length; i++)
        {
            range[i] = i;
        }

        return range;
    }

    private static bool IsSimple(Tensor tensor) => TensorMemory.IsForKernels(tensor) && tensor.dtype is ScalarType.Float32 or ScalarType.Float64;

    private static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes)
        {
            product *= size;
        }

        return product;
    }

    private static void Copy(Tensor source, Tensor target, long rows, long rowLength, long[] units, long each, double scale) =>
        Copy(source, target, rows, row => row * rowLength, units, each, scale);

    private static void Copy(Tensor source, Tensor target, long[] rows, long rowLength, long[] units, long each, double scale) =>
        Copy(source, target, rows.Length, row => rows[row] * rowLength, units, each, scale);

    private static unsafe void Copy(Tensor source, Tensor target, long rows, Func<long, long> start, long[] units, long each, double scale)
    {
        if (source.dtype == ScalarType.Float32)
        {
            Copy((float*)TensorMemory.Address(source), (float*)TensorMemory.Address(target), rows, start, units, each, (float)scale);
        }
        else
        {
            Copy((double*)TensorMemory.Address(source), (double*)TensorMemory.Address(target), rows, start, units, each, scale);
        }

        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    private static unsafe void Copy<T>(T* source, T* target, long rows, Func<long, long> start, long[] units, long each, T scale)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        long width = units.Length * each;
        int threads = rows * width < LeastForThreads ? 1 : Math.Max(1, get_num_threads());
        long part = (rows + threads - 1) / threads;
        if (threads == 1)
        {
            Rows(0, rows);
        }
        else
        {
            Parallel.For(0, threads, thread => Rows(thread * part, Math.Min(rows, (thread + 1) * part)));
        }

        void Rows(long first, long end)
        {
            for (long row = first; row < end; row++)
            {
                Row(source + start(row), target + (row * width), units, each, scale);
            }
        }
    }

    private static unsafe void Row<T>(T* source, T* target, long[] units, long each, T scale)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        if (each != 1)
        {
            for (int i = 0; i < units.Length; i++)
            {
                T* from = source + (units[i] * each), to = target + (i * each);
                for (long j = 0; j < each; j++)
                {
                    to[j] = from[j] * scale;
                }
            }
        }
        else if (scale == T.One)
        {
            for (int i = 0; i < units.Length; i++)
            {
                target[i] = source[units[i]];
            }
        }
        else
        {
            for (int i = 0; i < units.Length; i++)
            {
                target[i] = source[units[i]] * scale;
            }
        }
    }
}
