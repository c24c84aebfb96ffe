using System.Numerics;
using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Adds kept elements of one row, times a factor, to their places: fma(factor, value, element).</summary>
internal static unsafe class KeptColumnAdd
{
    /// <summary>One row.</summary>
    /// <param name="from">The row's kept elements.</param>
    /// <param name="factor">What they are multiplied with.</param>
    /// <param name="to">The row with all columns.</param>
    /// <param name="kept">The kept columns; null for all.</param>
    /// <param name="lanes">The same for vectors, or null.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <param name="run">How many elements a column has.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row<T>(T* from, T factor, T* to, int[]? kept, KeptLanes? lanes, int columns, int run)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (kept is null)
        {
            Stretch(from, factor, to, (long)columns * run);
        }
        else if (run > 1)
        {
            foreach (int column in kept)
            {
                Stretch(from, factor, to + ((long)column * run), run);
                from += run;
            }
        }
        else if (typeof(T) == typeof(float) && lanes is not null)
        {
            lanes.AddScaled((float*)from, float.CreateTruncating(factor), (float*)to);
        }
        else
        {
            for (int i = 0; i < kept.Length; i++)
            {
                to[kept[i]] = T.FusedMultiplyAdd(factor, from[i], to[kept[i]]);
            }
        }
    }

    /// <summary>Multiplies neighbouring elements with a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale<T>(T* elements, T factor, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long i = 0;
        Vector<T> factors = new(factor);
        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector.Store(Vector.Load(elements + i) * factors, elements + i);
        }

        for (; i < count; i++)
        {
            elements[i] *= factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Stretch<T>(T* from, T factor, T* to, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<T> factors = new(factor);
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> values = Vector.Load(from + i), old = Vector.Load(to + i);
                Vector<T> sum = typeof(T) == typeof(float)
                    ? Vector.FusedMultiplyAdd(factors.As<T, float>(), values.As<T, float>(), old.As<T, float>()).As<float, T>()
                    : Vector.FusedMultiplyAdd(factors.As<T, double>(), values.As<T, double>(), old.As<T, double>()).As<double, T>();
                Vector.Store(sum, to + i);
            }
        }

        for (; i < count; i++)
        {
            to[i] = T.FusedMultiplyAdd(factor, from[i], to[i]);
        }
    }
}
