using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>The products of a few outputs with two registers of rows, whose sums stay in registers.</summary>
/// <remarks>Every sum is of one input after the other with fused multiply-adds, in every width: every width gives the same bits.</remarks>
internal static unsafe class KeptProductTile<TSingles>
    where TSingles : struct, ISingles<TSingles>
{
    /// <summary>Twelve sums, two registers of rows, and a weight: what sixteen registers hold.</summary>
    public const int Outputs = 6;

    private const int Registers = 2;

    /// <summary>Those of the widest registers.</summary>
    private const int MostRows = 32;

    /// <summary>How many rows <see cref="Pack"/> lays where there are so many: whole blocks.</summary>
    public static long Padded(long rows) => (rows + Rows - 1) / Rows * Rows;

    /// <summary>How many rows are multiplied together.</summary>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Registers * TSingles.Count;
    }

    /// <summary>Lays rows so that the numbers of one input lie side by side, block of rows after block; missing rows are 0.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="inputs">How many numbers a row has.</param>
    /// <param name="packed">Receives <paramref name="inputs"/> times <see cref="Padded"/> numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* x, int rows, int inputs, float* packed)
    {
        for (int first = 0; first < rows; first += Rows, packed += (long)inputs * Rows)
        {
            int count = Math.Min(Rows, rows - first);
            float* from = x + ((long)first * inputs);
            int row = 0;
            for (; row + 4 <= count; row += 4, from += 4L * inputs)
            {
                PackFour(from, inputs, packed + row);
            }

            for (; row < Rows; row++, from += inputs)
            {
                for (int input = 0; input < inputs; input++)
                {
                    packed[((long)input * Rows) + row] = row < count ? from[input] : 0;
                }
            }
        }
    }

    /// <summary>Four rows: the first, second, third and fourth number of each input's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackFour(float* x, nint inputs, float* packed)
    {
        float* a = x, b = a + inputs, c = b + inputs, d = c + inputs;
        nint input = 0;
        if (Sse.IsSupported)
        {
            for (; input + 4 <= inputs; input += 4, packed += 4 * Rows)
            {
                Vector128<float> ofA = Vector128.Load(a + input), ofB = Vector128.Load(b + input), ofC = Vector128.Load(c + input), ofD = Vector128.Load(d + input);
                Vector128<float> lowAB = Sse.UnpackLow(ofA, ofB), lowCD = Sse.UnpackLow(ofC, ofD), highAB = Sse.UnpackHigh(ofA, ofB), highCD = Sse.UnpackHigh(ofC, ofD);
                Sse.MoveLowToHigh(lowAB, lowCD).Store(packed);
                Sse.MoveHighToLow(lowCD, lowAB).Store(packed + Rows);
                Sse.MoveLowToHigh(highAB, highCD).Store(packed + (2 * Rows));
                Sse.MoveHighToLow(highCD, highAB).Store(packed + (3 * Rows));
            }
        }

        for (; input < inputs; input++, packed += Rows)
        {
            (packed[0], packed[1], packed[2], packed[3]) = (a[input], b[input], c[input], d[input]);
        }
    }

    /// <summary>Multiplies all rows with the weights of a few outputs.</summary>
    /// <param name="packed">The rows, as <see cref="Pack"/> lays them.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">Which of an output's weights belong to the inputs.</param>
    /// <param name="inputs">How many inputs there are.</param>
    /// <param name="weights">Where the weights of each of <see cref="Outputs"/> outputs begin.</param>
    /// <param name="outputs">How many of the outputs are wanted.</param>
    /// <param name="factor">What the sums are multiplied with.</param>
    /// <param name="summands">Where each output's summand for the first row stands; null for none.</param>
    /// <param name="summandStride">From a row's summand to the next row's.</param>
    /// <param name="destination">The first row's first of these outputs.</param>
    /// <param name="stride">From a row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Multiply(float* packed, int rows, int* columns, int inputs, float** weights, int outputs, float factor, float** summands, long summandStride, float* destination, long stride)
    {
        float* sums = stackalloc float[Outputs * MostRows];
        for (int first = 0; first < rows; first += Rows, packed += (long)inputs * Rows, destination += Rows * stride)
        {
            Sum(packed, columns, inputs, weights, factor, sums);
            int count = Math.Min(Rows, rows - first);
            for (int row = 0; row < count; row++)
            {
                float* to = destination + (row * stride);
                for (int output = 0; output < outputs; output++)
                {
                    float sum = sums[(output * Rows) + row];
                    to[output] = summands is null ? sum : sum + summands[output][(first + row) * summandStride];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(float* x, int* columns, nint inputs, float** weights, float factor, float* sums)
    {
        float* w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3], w4 = weights[4], w5 = weights[5];
        TSingles a0 = TSingles.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
        for (nint input = 0; input < inputs; input++)
        {
            nint column = columns[input];
            TSingles a = TSingles.Load(x), b = TSingles.Load(x + TSingles.Count);
            x += 2 * TSingles.Count;
            TSingles weight = TSingles.Repeat(w0 + column);
            (a0, b0) = (TSingles.MultiplyAdd(weight, a, a0), TSingles.MultiplyAdd(weight, b, b0));
            weight = TSingles.Repeat(w1 + column);
            (a1, b1) = (TSingles.MultiplyAdd(weight, a, a1), TSingles.MultiplyAdd(weight, b, b1));
            weight = TSingles.Repeat(w2 + column);
            (a2, b2) = (TSingles.MultiplyAdd(weight, a, a2), TSingles.MultiplyAdd(weight, b, b2));
            weight = TSingles.Repeat(w3 + column);
            (a3, b3) = (TSingles.MultiplyAdd(weight, a, a3), TSingles.MultiplyAdd(weight, b, b3));
            weight = TSingles.Repeat(w4 + column);
            (a4, b4) = (TSingles.MultiplyAdd(weight, a, a4), TSingles.MultiplyAdd(weight, b, b4));
            weight = TSingles.Repeat(w5 + column);
            (a5, b5) = (TSingles.MultiplyAdd(weight, a, a5), TSingles.MultiplyAdd(weight, b, b5));
        }

        TSingles scale = TSingles.Repeat(&factor);
        Store(a0 * scale, b0 * scale, sums);
        Store(a1 * scale, b1 * scale, sums + Rows);
        Store(a2 * scale, b2 * scale, sums + (2 * Rows));
        Store(a3 * scale, b3 * scale, sums + (3 * Rows));
        Store(a4 * scale, b4 * scale, sums + (4 * Rows));
        Store(a5 * scale, b5 * scale, sums + (5 * Rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TSingles a, TSingles b, float* destination)
    {
        TSingles.Store(a, destination);
        TSingles.Store(b, destination + TSingles.Count);
    }
}
