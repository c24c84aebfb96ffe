using System.Buffers;

namespace DropoutSharp;

/// <summary>Chooses the forms of the operations on attention's rows.</summary>
internal static unsafe class AttentionKernels
{
    /// <summary>Blocks are small, and whoever has many of them spreads them over threads.</summary>
    private static readonly Parallelism Alone = new(1, long.MaxValue, long.MaxValue);

    public static void Forward(in AttentionBlock block, float* maxima, float* inverses, DropRate dropRate, MaskStream stream, VectorWidth width)
    {
        byte[] rented = Draw(block, dropRate, stream, width, out long firstBit);
        fixed (byte* bits = rented)
        {
            switch (width)
            {
                case VectorWidth.Vector512:
                    AttentionRows<Singles512>.Forward(block, bits, firstBit, maxima, inverses);
                    break;
                case VectorWidth.Vector256:
                    AttentionRows<Singles256>.Forward(block, bits, firstBit, maxima, inverses);
                    break;
                case VectorWidth.Vector128:
                    AttentionRows<Singles128>.Forward(block, bits, firstBit, maxima, inverses);
                    break;
                default:
                    AttentionRows<SinglesScalar>.Forward(block, bits, firstBit, maxima, inverses);
                    break;
            }
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    public static void Backward(
        in AttentionBlock block, float* gradients, float* maxima, float* inverses, float* products, DropRate dropRate, double scale, MaskStream stream, VectorWidth width)
    {
        byte[] rented = Draw(block, dropRate, stream, width, out long firstBit);
        var factor = new Coefficient(scale);
        fixed (byte* bits = rented)
        {
            switch (width)
            {
                case VectorWidth.Vector512:
                    AttentionRows<Singles512>.Backward(block, gradients, bits, firstBit, maxima, inverses, products, factor);
                    break;
                case VectorWidth.Vector256:
                    AttentionRows<Singles256>.Backward(block, gradients, bits, firstBit, maxima, inverses, products, factor);
                    break;
                case VectorWidth.Vector128:
                    AttentionRows<Singles128>.Backward(block, gradients, bits, firstBit, maxima, inverses, products, factor);
                    break;
                default:
                    AttentionRows<SinglesScalar>.Backward(block, gradients, bits, firstBit, maxima, inverses, products, factor);
                    break;
            }
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    public static void Multiply(float* x, long stride, int rows, int columns, float* factors, float scale, VectorWidth width)
    {
        switch (width)
        {
            case VectorWidth.Vector512:
                RowVectors<Singles512>.Multiply(x, stride, rows, columns, factors, scale);
                break;
            case VectorWidth.Vector256:
                RowVectors<Singles256>.Multiply(x, stride, rows, columns, factors, scale);
                break;
            case VectorWidth.Vector128:
                RowVectors<Singles128>.Multiply(x, stride, rows, columns, factors, scale);
                break;
            default:
                RowVectors<SinglesScalar>.Multiply(x, stride, rows, columns, factors, scale);
                break;
        }
    }

    public static void Products(float* a, long strideOfA, float* b, long strideOfB, int rows, int columns, float* destination, VectorWidth width)
    {
        switch (width)
        {
            case VectorWidth.Vector512:
                RowVectors<Singles512>.Products(a, strideOfA, b, strideOfB, rows, columns, destination);
                break;
            case VectorWidth.Vector256:
                RowVectors<Singles256>.Products(a, strideOfA, b, strideOfB, rows, columns, destination);
                break;
            case VectorWidth.Vector128:
                RowVectors<Singles128>.Products(a, strideOfA, b, strideOfB, rows, columns, destination);
                break;
            default:
                RowVectors<SinglesScalar>.Products(a, strideOfA, b, strideOfB, rows, columns, destination);
                break;
        }
    }

    /// <summary>A bit for each of the block's weights, drawn from a whole byte of the mask on.</summary>
    private static byte[] Draw(in AttentionBlock block, DropRate dropRate, MaskStream stream, VectorWidth width, out long firstBit)
    {
        long lead = firstBit = block.FirstElement & 7, length = lead + ((long)block.Rows * block.Columns);

        // The last row's bits are read sixteen at a time, and a register's as 32.
        byte[] rented = ArrayPool<byte>.Shared.Rent(checked((int)((length + AttentionBlock.Lanes) / 8) + sizeof(ulong)));
        fixed (byte* bits = rented)
        {
            MaskDriver.Run(stream, dropRate.KeepThreshold, block.FirstElement - lead, length, new KeptBits(bits), width, Alone);
        }

        return rented;
    }
}
