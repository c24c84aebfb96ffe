using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Applies a <see cref="IKeptFunction"/> to each element of a source and writes the destination.</summary>
internal readonly unsafe struct SelectOperation<T, TFunction, TStore>(T* x, T* destination, TFunction function) : IMaskOperation
    where T : unmanaged
    where TFunction : struct, IKeptFunction
    where TStore : struct, IStore
{
    private readonly TFunction _function = function;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TCounters>(long position, uint* kept)
        where TCounters : struct, ICounters<TCounters>
    {
        if (typeof(TCounters) == typeof(Counters512))
        {
            Apply<Singles512, Doubles512>(position, kept);
        }
        else if (typeof(TCounters) == typeof(Counters256))
        {
            Apply<Singles256, Doubles256>(position, kept);
        }
        else
        {
            Apply<Singles128, Doubles128>(position, kept);
            uint rest = *kept >> 8;
            Apply<Singles128, Doubles128>(position + 8, &rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long position, bool kept)
    {
        uint bit = kept ? 1U : 0;
        if (typeof(T) == typeof(double))
        {
            DoublesScalar.Store(
                _function.Invoke(DoublesScalar.Load((double*)x + position), &bit, 0), (double*)destination + position);
        }
        else
        {
            Elements.Store(_function.Invoke(Elements.Load<T, SinglesScalar>(x + position), &bit, 0), destination + position);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(long position) => Apply(position, false);

    /// <summary>Two registers of floats, or four of doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Apply<TSingles, TDoubles>(long position, uint* kept)
        where TSingles : struct, ISingles<TSingles>
        where TDoubles : struct, IDoubles<TDoubles>
    {
        if (typeof(T) == typeof(double))
        {
            ApplyDoubles<TDoubles>(position, kept, 0);
            ApplyDoubles<TDoubles>(position, kept, 1);
            ApplyDoubles<TDoubles>(position, kept, 2);
            ApplyDoubles<TDoubles>(position, kept, 3);
        }
        else
        {
            ApplySingles<TSingles>(position, kept, 0);
            ApplySingles<TSingles>(position, kept, 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ApplySingles<TSingles>(long position, uint* kept, int part)
        where TSingles : struct, ISingles<TSingles>
    {
        position += part * TSingles.Count;
        TStore.Store(_function.Invoke(Elements.Load<T, TSingles>(x + position), kept, part), destination + position);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ApplyDoubles<TDoubles>(long position, uint* kept, int part)
        where TDoubles : struct, IDoubles<TDoubles>
    {
        position += part * TDoubles.Count;
        TStore.Store(_function.Invoke(TDoubles.Load((double*)x + position), kept, part), (double*)destination + position);
    }
}
