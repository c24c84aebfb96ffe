using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Adds one run of elements, times a factor, to another: <c>destination[i] = x[i] + scale·y[i]</c>, product and sum each rounded for itself in float or double.</summary>
/// <remarks>All widths give the same bits.</remarks>
internal static unsafe class AddedRows
{
    /// <summary>One run.</summary>
    /// <param name="x">What is added to; may be the destination.</param>
    /// <param name="y">What is added.</param>
    /// <param name="destination">Receives the sums.</param>
    /// <param name="length">How many elements there are.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="width">The registers' width.</param>
    public static void Run<T>(T* x, T* y, T* destination, long length, double scale, VectorWidth width)
        where T : unmanaged
    {
        switch (width)
        {
            case VectorWidth.Vector512:
                Run<T, Singles512, Doubles512>(x, y, destination, length, new Coefficient(scale));
                break;
            case VectorWidth.Vector256:
                Run<T, Singles256, Doubles256>(x, y, destination, length, new Coefficient(scale));
                break;
            case VectorWidth.Vector128:
                Run<T, Singles128, Doubles128>(x, y, destination, length, new Coefficient(scale));
                break;
            default:
                Run<T, SinglesScalar, DoublesScalar>(x, y, destination, length, new Coefficient(scale));
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TSingles, TDoubles>(T* x, T* y, T* destination, long length, Coefficient scale)
        where T : unmanaged
        where TSingles : struct, ISingles<TSingles>
        where TDoubles : struct, IDoubles<TDoubles>
    {
        long i = 0;
        if (typeof(T) == typeof(double))
        {
            double* a = (double*)x, b = (double*)y, sum = (double*)destination;
            for (; i <= length - TDoubles.Count; i += TDoubles.Count)
            {
                TDoubles.Store(Sum(TDoubles.Load(a + i), TDoubles.Load(b + i), scale), sum + i);
            }

            for (; i < length; i++)
            {
                DoublesScalar.Store(Sum(DoublesScalar.Load(a + i), DoublesScalar.Load(b + i), scale), sum + i);
            }

            return;
        }

        for (; i <= length - TSingles.Count; i += TSingles.Count)
        {
            Elements.Store(Sum(Elements.Load<T, TSingles>(x + i), Elements.Load<T, TSingles>(y + i), scale), destination + i);
        }

        for (; i < length; i++)
        {
            Elements.Store(Sum(Elements.Load<T, SinglesScalar>(x + i), Elements.Load<T, SinglesScalar>(y + i), scale), destination + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReals Sum<TReals>(TReals x, TReals y, Coefficient scale)
        where TReals : struct, IReals<TReals> => x + (y * TReals.Broadcast(scale));
}
