using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DropoutSharp;

/// <summary>Applies a mask that has been drawn: to a run of elements that share one mask element, or to a row with a mask byte or a mask bit each.</summary>
/// <remarks>All widths give the same bits.</remarks>
internal static unsafe class MaskedRows
{
    /// <summary>All elements of the run are kept, or all are dropped. What is dropped is not read.</summary>
    /// <param name="x">The first element of the source.</param>
    /// <param name="destination">The first element of the result.</param>
    /// <param name="length">How many elements there are.</param>
    /// <param name="kept">Whether they are kept.</param>
    /// <param name="law">What becomes of them.</param>
    /// <param name="streams">Whether results go past the caches; then whoever starts the operation ends it with a memory barrier.</param>
    /// <param name="width">The registers' width.</param>
    /// <param name="continues">Whether the caller goes on behind the run in a large tensor: then what lies there is asked for already.</param>
    public static void Run<T>(T* x, T* destination, long length, bool kept, MaskLaw law, bool streams, VectorWidth width, bool continues = false)
        where T : unmanaged
    {
        switch (width)
        {
            case VectorWidth.Vector512:
                RunOf<T, Singles512, Doubles512>.Apply(x, destination, length, kept, law, streams, continues);
                break;
            case VectorWidth.Vector256:
                RunOf<T, Singles256, Doubles256>.Apply(x, destination, length, kept, law, streams, continues);
                break;
            case VectorWidth.Vector128:
                RunOf<T, Singles128, Doubles128>.Apply(x, destination, length, kept, law, streams, continues);
                break;
            default:
                RunOf<T, SinglesScalar, DoublesScalar>.Apply(x, destination, length, kept, law, streams, continues);
                break;
        }
    }

    /// <summary>Each element has its own mask byte: 0 is dropped, all others are kept.</summary>
    /// <param name="x">The first element of the source.</param>
    /// <param name="destination">The first element of the result.</param>
    /// <param name="kept">The first element's byte.</param>
    /// <param name="length">How many elements there are.</param>
    /// <param name="law">What becomes of them.</param>
    /// <param name="width">The registers' width.</param>
    public static void Row<T>(T* x, T* destination, byte* kept, long length, MaskLaw law, VectorWidth width)
        where T : unmanaged
    {
        if (law is { Offset: 0, Dropped: 0 })
        {
            Row(kept, length, new SelectOperation<T, ScaleKept, OrdinaryStore>(x, destination, new ScaleKept(law.Scale)), width);
        }
        else
        {
            Row(kept, length, new SelectOperation<T, AffineKept, OrdinaryStore>(x, destination, new AffineKept(law)), width);
        }
    }

    /// <summary>Each element has its own mask bit, from the lowest of the first word: 1 is kept.</summary>
    /// <param name="x">The first element of the source.</param>
    /// <param name="destination">The first element of the result.</param>
    /// <param name="kept">The bits, as many whole words as hold them.</param>
    /// <param name="length">How many elements there are.</param>
    /// <param name="law">What becomes of them.</param>
    /// <param name="width">The registers' width.</param>
    /// <param name="continues">Whether the caller goes on behind the row, after other work: then what lies there is asked for already.</param>
    public static void Row<T>(T* x, T* destination, ulong* kept, long length, MaskLaw law, VectorWidth width, bool continues = false)
        where T : unmanaged
    {
        byte* source = continues ? (byte*)x + Ahead.Distance : null, target = (byte*)destination + Ahead.Distance;
        if (law is { Offset: 0, Dropped: 0 })
        {
            Row(kept, length, new SelectOperation<T, ScaleKept, OrdinaryStore>(x, destination, new ScaleKept(law.Scale)), width, source, target, sizeof(T));
        }
        else
        {
            Row(kept, length, new SelectOperation<T, AffineKept, OrdinaryStore>(x, destination, new AffineKept(law)), width, source, target, sizeof(T));
        }
    }

    private static void Row<TOperation>(ulong* kept, long length, TOperation operation, VectorWidth width, byte* source, byte* target, int size)
        where TOperation : struct, IMaskOperation
    {
        long done = width switch
        {
            VectorWidth.Vector512 => Bits<Counters512, TOperation>(kept, length, operation, source, target, size),
            VectorWidth.Vector256 => Bits<Counters256, TOperation>(kept, length, operation, source, target, size),
            VectorWidth.Vector128 => Bits<Counters128, TOperation>(kept, length, operation, source, target, size),
            _ => 0,
        };
        for (; done < length; done++)
        {
            operation.Apply(done, (kept[done >> 6] >> (int)(done & 63) & 1) != 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Bits<TCounters, TOperation>(ulong* kept, long length, TOperation operation, byte* source, byte* target, int size)
        where TCounters : struct, ICounters<TCounters>
        where TOperation : struct, IMaskOperation
    {
        int step = TCounters.Count == 8 ? 32 : 16;
        long i = 0;
        for (; i <= length - step; i += step)
        {
            uint bits = (uint)(kept[i >> 6] >> (int)(i & 63));
            operation.Apply<TCounters>(i, &bits);
            if (Sse.IsSupported && source != null)
            {
                Ask(source + (i * size), target + (i * size), step * size);
            }
        }

        return i;
    }

    /// <summary>Asks for the lines of a step, of 16 to 32 elements of 2 to 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask(byte* source, byte* target, int bytes)
    {
        Sse.Prefetch0(source);
        Sse.Prefetch0(target);
        if (bytes > Ahead.Line)
        {
            Sse.Prefetch0(source + Ahead.Line);
            Sse.Prefetch0(target + Ahead.Line);
        }

        if (bytes > 2 * Ahead.Line)
        {
            Sse.Prefetch0(source + (2 * Ahead.Line));
            Sse.Prefetch0(target + (2 * Ahead.Line));
            Sse.Prefetch0(source + (3 * Ahead.Line));
            Sse.Prefetch0(target + (3 * Ahead.Line));
        }
    }

    private static void Row<TOperation>(byte* kept, long length, TOperation operation, VectorWidth width)
        where TOperation : struct, IMaskOperation
    {
        long done = width switch
        {
            VectorWidth.Vector512 => Row512(kept, length, operation),
            VectorWidth.Vector256 => Row128<Counters256, TOperation>(kept, length, operation),
            VectorWidth.Vector128 => Row128<Counters128, TOperation>(kept, length, operation),
            _ => 0,
        };
        for (; done < length; done++)
        {
            operation.Apply(done, kept[done] != 0);
        }
    }

    /// <summary>Thirty-two elements at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Row512<TOperation>(byte* kept, long length, TOperation operation)
        where TOperation : struct, IMaskOperation
    {
        long i = 0;
        for (; i <= length - 32; i += 32)
        {
            uint bits = ~Vector256.Equals(Vector256.Load(kept + i), Vector256<byte>.Zero).ExtractMostSignificantBits();
            operation.Apply<Counters512>(i, &bits);
        }

        return i;
    }

    /// <summary>Sixteen elements at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Row128<TCounters, TOperation>(byte* kept, long length, TOperation operation)
        where TCounters : struct, ICounters<TCounters>
        where TOperation : struct, IMaskOperation
    {
        long i = 0;
        for (; i <= length - 16; i += 16)
        {
            uint bits = ~Vector128.Equals(Vector128.Load(kept + i), Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
            operation.Apply<TCounters>(i, &bits);
        }

        return i;
    }

    /// <summary>Runs in registers of one width.</summary>
    private static class RunOf<T, TSingles, TDoubles>
        where T : unmanaged
        where TSingles : struct, ISingles<TSingles>
        where TDoubles : struct, IDoubles<TDoubles>
    {
        private static int Lanes => typeof(T) == typeof(double) ? TDoubles.Count : TSingles.Count;

        public static void Apply(T* x, T* destination, long length, bool kept, MaskLaw law, bool streams, bool continues)
        {
            if (kept && law is { Scale: 1, Offset: 0 })
            {
                if (x != destination)
                {
                    Buffer.MemoryCopy(x, destination, length * sizeof(T), length * sizeof(T));
                }

                return;
            }

            long streamed = 0;
            if (streams)
            {
                // The lines at both ends are shared with other runs.
                long lead = Math.Min(StreamedStore.UntilAligned(destination), length);
                Apply<OrdinaryStore>(x, destination, lead, kept, law, continues: false);
                streamed = (length - lead) / Lanes * Lanes;
                Apply<StreamedStore>(x + lead, destination + lead, streamed, kept, law, continues: false);
                streamed += lead;
            }

            Apply<OrdinaryStore>(x + streamed, destination + streamed, length - streamed, kept, law, continues && !streams);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Apply<TStore>(T* x, T* destination, long length, bool kept, MaskLaw law, bool continues)
            where TStore : struct, IStore
        {
            if (kept)
            {
                Keep<TStore>(x, destination, length, law, continues);
            }
            else
            {
                Drop<TStore>(destination, length, law.Dropped);
            }
        }

        private static void Keep<TStore>(T* x, T* destination, long length, MaskLaw law, bool continues)
            where TStore : struct, IStore
        {
            Coefficient scale = new(law.Scale), offset = new(law.Offset);
            bool shifts = law.Offset != 0; // adding 0 would turn −0 into +0
            long i = 0;
            if (typeof(T) == typeof(double))
            {
                for (; i <= length - TDoubles.Count; i += TDoubles.Count)
                {
                    TStore.Store(Affine(TDoubles.Load((double*)x + i), scale, offset, shifts), (double*)destination + i);
                }

                for (; i < length; i++)
                {
                    DoublesScalar.Store(Affine(DoublesScalar.Load((double*)x + i), scale, offset, shifts), (double*)destination + i);
                }
            }
            else
            {
                for (; continues && Sse.IsSupported && i <= length - TSingles.Count; i += TSingles.Count)
                {
                    Sse.Prefetch0((byte*)(x + i) + Ahead.Distance);
                    Sse.Prefetch0((byte*)(destination + i) + Ahead.Distance);
                    TStore.Store(Affine(Elements.Load<T, TSingles>(x + i), scale, offset, shifts), destination + i);
                }

                for (; i <= length - TSingles.Count; i += TSingles.Count)
                {
                    TStore.Store(Affine(Elements.Load<T, TSingles>(x + i), scale, offset, shifts), destination + i);
                }

                for (; i < length; i++)
                {
                    Elements.Store(Affine(Elements.Load<T, SinglesScalar>(x + i), scale, offset, shifts), destination + i);
                }
            }
        }

        private static void Drop<TStore>(T* destination, long length, double value)
            where TStore : struct, IStore
        {
            const int Most = 1 << 30;
            T element = typeof(T) == typeof(double) ? (T)(object)value : Scalars.FromFloat<T>((float)value);
            long i = 0;
            if (typeof(TStore) == typeof(StreamedStore))
            {
                for (; i <= length - Lanes; i += Lanes)
                {
                    Stream(destination + i, new Coefficient(value));
                }
            }

            for (; i < length; i += Most)
            {
                new Span<T>(destination + i, (int)Math.Min(length - i, Most)).Fill(element);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Stream(T* destination, Coefficient value)
        {
            if (typeof(T) == typeof(double))
            {
                TDoubles.Stream(TDoubles.Broadcast(value), (double*)destination);
            }
            else
            {
                TSingles.Stream(TSingles.Broadcast(value), (float*)destination);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TReals Affine<TReals>(TReals x, Coefficient scale, Coefficient offset, bool shifts)
            where TReals : struct, IReals<TReals>
        {
            TReals value = x * TReals.Broadcast(scale);
            return shifts ? value + TReals.Broadcast(offset) : value;
        }
    }
}
