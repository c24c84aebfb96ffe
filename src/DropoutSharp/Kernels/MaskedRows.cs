using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>Applies a mask that has been drawn: to a run of elements that share one mask element, or to a row with one mask byte each.</summary>
internal static unsafe class MaskedRows
{
    /// <summary>All elements of the run are kept, or all are dropped.</summary>
    public static void Run<T>(T* x, T* destination, long length, bool kept, MaskLaw law)
        where T : unmanaged
    {
        if (!kept)
        {
            Fill(destination, length, law.Dropped);
        }
        else if (law is { Scale: 1, Offset: 0 })
        {
            if (x != destination)
            {
                Buffer.MemoryCopy(x, destination, length * sizeof(T), length * sizeof(T));
            }
        }
        else if (typeof(T) == typeof(float))
        {
            Affine((float*)x, (float*)destination, length, (float)law.Scale, (float)law.Offset, law.Offset == 0);
        }
        else if (typeof(T) == typeof(double))
        {
            Affine((double*)x, (double*)destination, length, law.Scale, law.Offset, law.Offset == 0);
        }
        else
        {
            for (long i = 0; i < length; i++)
            {
                destination[i] = Kept(x[i], law);
            }
        }
    }

    /// <summary>Each element has its own mask byte: 0 is dropped, 1 is kept.</summary>
    public static void Row<T>(T* x, T* destination, byte* kept, long length, MaskLaw law)
        where T : unmanaged
    {
        long done = 0;
        if (typeof(T) == typeof(float) && Avx2.IsSupported)
        {
            done = Row256((float*)x, (float*)destination, kept, length, law);
        }
        else if (typeof(T) == typeof(double) && Avx2.IsSupported)
        {
            done = Row256((double*)x, (double*)destination, kept, length, law);
        }
        else if (typeof(T) == typeof(float) && Vector128.IsHardwareAccelerated)
        {
            done = Row128((float*)x, (float*)destination, kept, length, law);
        }

        T dropped = Constant<T>(law.Dropped);
        for (long i = done; i < length; i++)
        {
            destination[i] = kept[i] != 0 ? Kept(x[i], law) : dropped;
        }
    }

    internal static long Row128(float* x, float* destination, byte* kept, long length, MaskLaw law)
    {
        Vector128<float> scale = Vector128.Create((float)law.Scale), shift = Vector128.Create((float)law.Offset);
        Vector128<float> dropped = Vector128.Create((float)law.Dropped);
        bool shifts = law.Offset != 0;
        long i = 0;
        for (; i <= length - 4; i += 4)
        {
            Vector128<byte> bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(kept + i)).AsByte();
            Vector128<uint> mask = Vector128<uint>.Zero - Vector128.WidenLower(Vector128.WidenLower(bytes));
            Vector128<float> y = Vector128.Load(x + i) * scale;
            y = shifts ? y + shift : y;
            Vector128.ConditionalSelect(mask.AsSingle(), y, dropped).Store(destination + i);
        }

        return i;
    }

    private static long Row256(float* x, float* destination, byte* kept, long length, MaskLaw law)
    {
        Vector256<float> scale = Vector256.Create((float)law.Scale), shift = Vector256.Create((float)law.Offset);
        Vector256<float> dropped = Vector256.Create((float)law.Dropped);
        bool shifts = law.Offset != 0;
        long i = 0;
        for (; i <= length - 8; i += 8)
        {
            Vector256<float> mask = (Vector256<int>.Zero - Avx2.ConvertToVector256Int32(kept + i)).AsSingle();
            Vector256<float> y = Vector256.Load(x + i) * scale;
            y = shifts ? y + shift : y;
            Vector256.ConditionalSelect(mask, y, dropped).Store(destination + i);
        }

        return i;
    }

    private static long Row256(double* x, double* destination, byte* kept, long length, MaskLaw law)
    {
        Vector256<double> scale = Vector256.Create(law.Scale), shift = Vector256.Create(law.Offset);
        Vector256<double> dropped = Vector256.Create(law.Dropped);
        bool shifts = law.Offset != 0;
        long i = 0;
        for (; i <= length - 4; i += 4)
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(kept + i)).AsByte();
            Vector256<double> mask = (Vector256<long>.Zero - Avx2.ConvertToVector256Int64(bytes)).AsDouble();
            Vector256<double> y = Vector256.Load(x + i) * scale;
            y = shifts ? y + shift : y;
            Vector256.ConditionalSelect(mask, y, dropped).Store(destination + i);
        }

        return i;
    }

    private static void Affine<T>(T* x, T* destination, long length, T scale, T shift, bool onlyScale)
        where T : unmanaged, INumberBase<T>
    {
        long i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<T> scales = new(scale), shifts = new(shift);
            for (; i <= length - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> y = Vector.Load(x + i) * scales;
                Vector.Store(onlyScale ? y : y + shifts, destination + i);
            }
        }

        for (; i < length; i++)
        {
            T y = x[i] * scale;
            destination[i] = onlyScale ? y : y + shift;
        }
    }

    private static void Fill<T>(T* destination, long length, double value)
        where T : unmanaged
    {
        const int Most = 1 << 30;
        T element = Constant<T>(value);
        for (; length > 0; length -= Most, destination += Most)
        {
            new Span<T>(destination, (int)Math.Min(length, Most)).Fill(element);
        }
    }

    private static T Constant<T>(double value)
        where T : unmanaged =>
        typeof(T) == typeof(double) ? (T)(object)value : Scalars.FromFloat<T>((float)value);

    private static T Kept<T>(T x, MaskLaw law)
        where T : unmanaged
    {
        if (law.Offset == 0)
        {
            return Scalars.Multiply(x, law.Scale);
        }

        return typeof(T) == typeof(double)
            ? (T)(object)(((double)(object)x * law.Scale) + law.Offset)
            : Scalars.FromFloat<T>((Scalars.ToFloat(x) * (float)law.Scale) + (float)law.Offset);
    }
}
