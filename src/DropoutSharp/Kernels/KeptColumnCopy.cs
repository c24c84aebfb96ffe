using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Kept columns of one row of a matrix, to and from where they lie without gaps.</summary>
internal static unsafe class KeptColumnCopy
{
    /// <summary>Kept elements, one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather<T>(T* from, T* to, int[] kept)
        where T : unmanaged
    {
        fixed (int* columns = kept)
        {
            for (int i = 0; i < kept.Length; i++)
            {
                to[i] = from[columns[i]];
            }
        }
    }

    /// <summary>Kept runs, one after the other.</summary>
    public static void Gather<T>(T* from, T* to, int[] kept, int run)
        where T : unmanaged
    {
        foreach (int column in kept)
        {
            Unsafe.CopyBlockUnaligned(to, from + ((long)column * run), (uint)(run * sizeof(T)));
            to += run;
        }
    }

    /// <summary>Elements to their places in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter<T>(T* from, T* to, int[] kept)
        where T : unmanaged
    {
        fixed (int* columns = kept)
        {
            for (int i = 0; i < kept.Length; i++)
            {
                to[columns[i]] = from[i];
            }
        }
    }

    /// <summary>Runs to their places in a row.</summary>
    public static void Scatter<T>(T* from, T* to, int[] kept, int run)
        where T : unmanaged
    {
        foreach (int column in kept)
        {
            Unsafe.CopyBlockUnaligned(to + ((long)column * run), from, (uint)(run * sizeof(T)));
            from += run;
        }
    }

    /// <summary>Adds to the places in a row; elements are float or double.</summary>
    public static void Add<T>(T* from, T* to, int[]? kept, int columns, int run)
        where T : unmanaged
    {
        int count = kept?.Length ?? columns;
        for (int i = 0; i < count; i++)
        {
            T* target = to + ((long)(kept is null ? i : kept[i]) * run);
            for (int k = 0; k < run; k++, from++)
            {
                if (typeof(T) == typeof(float))
                {
                    ((float*)target)[k] += *(float*)from;
                }
                else
                {
                    ((double*)target)[k] += *(double*)from;
                }
            }
        }
    }
}
