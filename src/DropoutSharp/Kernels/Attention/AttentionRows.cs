using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Softmax and dropout of rows of scores, in place, forward and backward.</summary>
/// <remarks>
/// Columns are worked on sixteen at a time, and each of sixteen lanes has its own sum, whatever the width of the registers: every width gives the same bits.
/// </remarks>
internal static unsafe class AttentionRows<TSingles>
    where TSingles : struct, ISingles<TSingles>
{
    private const int Lanes = AttentionBlock.Lanes;
    private const uint Infinity = 0x7F800000, MinusInfinity = 0xFF800000;

    /// <summary>Scores become weights before their division by the row's sum, and 0 where they are dropped.</summary>
    /// <param name="block">The scores.</param>
    /// <param name="bits">A bit a weight, 1 where it is kept, from <paramref name="firstBit"/> on.</param>
    /// <param name="firstBit">The first weight's bit.</param>
    /// <param name="maxima">Receives each row's largest score, 0 where there is none.</param>
    /// <param name="inverses">Receives what each row's weights are to be multiplied with, 0 for a row that sees nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Forward(in AttentionBlock block, byte* bits, long firstBit, float* maxima, float* inverses)
    {
        float* sums = stackalloc float[Lanes];
        int padded = block.Padded;
        for (int r = 0; r < block.Rows; r++)
        {
            float* row = block.Scores + ((long)r * block.Stride);
            int visible = block.VisibleTo(r);
            Limit(row, visible, padded, block.Bias is null ? null : block.Bias + (r * block.BiasStride));
            float maximum = Maximum(row, visible, sums);
            TSingles top = SingleMath.Number<TSingles>(maximum);
            for (int lane = 0; lane < Lanes; lane += TSingles.Count)
            {
                TSingles.Store(TSingles.Zero, sums + lane);
            }

            long bit = firstBit + ((long)r * block.Columns);
            int column = 0;
            for (; column < visible; column += Lanes)
            {
                for (int lane = 0; lane < Lanes; lane += TSingles.Count)
                {
                    TSingles e = Exponential(top - TSingles.Load(row + column + lane));
                    TSingles.Store(TSingles.Load(sums + lane) + e, sums + lane);
                    uint kept = Bits(bits, bit + column + lane);
                    TSingles.Store(TSingles.SelectKept(&kept, 0, e, TSingles.Zero), row + column + lane);
                }
            }

            Clear(row, column, padded);
            float sum = Sum(sums);
            (maxima[r], inverses[r]) = (maximum, sum == 0 ? 0 : 1 / sum);
        }
    }

    /// <summary>Scores become dropped weights, and the gradients of those the scores' gradients.</summary>
    /// <param name="block">The scores, as they were before the forward pass.</param>
    /// <param name="gradients">The gradients of the dropped weights, laid out as the scores are.</param>
    /// <param name="bits">As in the forward pass.</param>
    /// <param name="firstBit">As in the forward pass.</param>
    /// <param name="maxima">The rows' largest scores.</param>
    /// <param name="inverses">What the rows' weights are multiplied with.</param>
    /// <param name="products">The sum, over a row, of dropped weights times their gradients.</param>
    /// <param name="scale">What kept weights are multiplied with.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(in AttentionBlock block, float* gradients, byte* bits, long firstBit, float* maxima, float* inverses, float* products, Coefficient scale)
    {
        int padded = block.Padded;
        TSingles factor = TSingles.Broadcast(scale);
        for (int r = 0; r < block.Rows; r++)
        {
            float* row = block.Scores + ((long)r * block.Stride), gradient = gradients + ((long)r * block.Stride);
            int visible = block.VisibleTo(r);
            Limit(row, visible, padded, block.Bias is null ? null : block.Bias + (r * block.BiasStride));
            TSingles top = SingleMath.Number<TSingles>(maxima[r]), inverse = SingleMath.Number<TSingles>(inverses[r]), product = SingleMath.Number<TSingles>(products[r]);
            long bit = firstBit + ((long)r * block.Columns);
            int column = 0;
            for (; column < visible; column += TSingles.Count)
            {
                TSingles weight = Exponential(top - TSingles.Load(row + column)) * inverse;
                uint kept = Bits(bits, bit + column);
                TSingles ofScore = weight * (TSingles.MultiplyKept(&kept, 0, TSingles.Load(gradient + column), factor) - product);
                TSingles.Store(TSingles.MultiplyKept(&kept, 0, weight, factor), row + column);
                TSingles.Store(ofScore, gradient + column);
            }

            Clear(row, column, padded);
            Clear(gradient, visible, padded);
        }
    }

    /// <summary>Adds a bias to the scores that a query sees, and makes those of the last register that it does not see −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Limit(float* row, int visible, int padded, float* bias)
    {
        int column = 0;
        if (bias is not null)
        {
            TSingles lowest = SingleMath.Number<TSingles>(float.MinValue), never = TSingles.BroadcastBits(MinusInfinity);
            for (; column + TSingles.Count <= visible; column += TSingles.Count)
            {
                TSingles added = TSingles.Load(bias + column);
                TSingles.Store(TSingles.Select(TSingles.Less(added, lowest), never, TSingles.Load(row + column) + added), row + column);
            }

            for (; column < visible; column++)
            {
                row[column] = bias[column] < float.MinValue ? float.NegativeInfinity : row[column] + bias[column];
            }
        }

        int end = Math.Min(padded, (visible + Lanes - 1) / Lanes * Lanes);
        for (column = visible; column < end; column++)
        {
            row[column] = float.NegativeInfinity;
        }
    }

    /// <summary>The largest score that is a number; 0 where none is above −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Maximum(float* row, int visible, float* lanes)
    {
        TSingles top = TSingles.BroadcastBits(MinusInfinity);
        for (int column = 0; column < visible; column += TSingles.Count)
        {
            TSingles scores = TSingles.Load(row + column);
            top = TSingles.Select(TSingles.Less(top, scores), scores, top);
        }

        TSingles.Store(top, lanes);
        float maximum = lanes[0];
        for (int lane = 1; lane < TSingles.Count; lane++)
        {
            maximum = lanes[lane] > maximum ? lanes[lane] : maximum;
        }

        return maximum == float.NegativeInfinity ? 0 : maximum;
    }

    /// <summary>e to the power of −<paramref name="a"/>, and NaN of NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSingles Exponential(TSingles a) =>
        SingleMath.ExpOfMinus(a) | TSingles.LessBits(TSingles.BroadcastBits(Infinity), SingleMath.Absolute(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(byte* bits, long bit) => Unsafe.ReadUnaligned<uint>(bits + (bit >> 3)) >> (int)(bit & 7);

    /// <summary>The sum of the lanes, in pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(float* lanes)
    {
        float a = (lanes[0] + lanes[8]) + (lanes[4] + lanes[12]), b = (lanes[1] + lanes[9]) + (lanes[5] + lanes[13]);
        float c = (lanes[2] + lanes[10]) + (lanes[6] + lanes[14]), d = (lanes[3] + lanes[11]) + (lanes[7] + lanes[15]);
        return (a + c) + (b + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(float* row, int from, int to)
    {
        for (; from < to; from++)
        {
            row[from] = 0;
        }
    }
}
