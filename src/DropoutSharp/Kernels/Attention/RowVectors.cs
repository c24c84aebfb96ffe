using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Short rows that lie apart: their products with each other and with numbers.</summary>
internal static unsafe class RowVectors<TSingles>
    where TSingles : struct, ISingles<TSingles>
{
    private const int Lanes = AttentionBlock.Lanes;

    /// <summary>Multiplies each row with a number of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* x, long stride, int rows, int columns, float* factors, float scale)
    {
        for (int r = 0; r < rows; r++, x += stride)
        {
            float factor = factors[r] * scale;
            TSingles all = SingleMath.Number<TSingles>(factor);
            int column = 0;
            for (; column + TSingles.Count <= columns; column += TSingles.Count)
            {
                TSingles.Store(TSingles.Load(x + column) * all, x + column);
            }

            for (; column < columns; column++)
            {
                x[column] *= factor;
            }
        }
    }

    /// <summary>The scalar product of each row with one of other rows; lane by lane, so that every width gives the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Products(float* a, long strideOfA, float* b, long strideOfB, int rows, int columns, float* destination)
    {
        float* lanes = stackalloc float[Lanes];
        for (int r = 0; r < rows; r++, a += strideOfA, b += strideOfB)
        {
            for (int lane = 0; lane < Lanes; lane += TSingles.Count)
            {
                TSingles.Store(TSingles.Zero, lanes + lane);
            }

            int column = 0;
            for (; column + Lanes <= columns; column += Lanes)
            {
                for (int lane = 0; lane < Lanes; lane += TSingles.Count)
                {
                    TSingles.Store(TSingles.Load(lanes + lane) + (TSingles.Load(a + column + lane) * TSingles.Load(b + column + lane)), lanes + lane);
                }
            }

            for (int lane = 0; column < columns; column++, lane++)
            {
                lanes[lane] += a[column] * b[column];
            }

            float sum = 0;
            for (int lane = 0; lane < Lanes; lane++)
            {
                sum += lanes[lane];
            }

            destination[r] = sum;
        }
    }
}
