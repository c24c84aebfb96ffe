using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Writes what an <see cref="IFusedFunction"/> gives for each element of a mask.</summary>
/// <remarks>An element whose tie went the other way is computed again, so the result must not lie in memory that the function reads for a dropped element.</remarks>
internal readonly unsafe struct FusedOperation<TFunction, TStore>(TFunction function, float* destination) : IMaskOperation
    where TFunction : struct, IFusedFunction
    where TStore : struct, IStore
{
    private readonly TFunction _function = function;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TCounters>(long position, uint* kept)
        where TCounters : struct, ICounters<TCounters>
    {
        if (typeof(TCounters) == typeof(Counters512))
        {
            Pair<Singles512>(position, kept);
        }
        else if (typeof(TCounters) == typeof(Counters256))
        {
            Pair<Singles256>(position, kept);
        }
        else
        {
            Pair<Singles128>(position, kept);
            uint rest = *kept >> 8;
            Pair<Singles128>(position + 8, &rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long position, bool kept)
    {
        uint bit = kept ? 1U : 0;
        SinglesScalar.Store(_function.Invoke<SinglesScalar>(position, &bit, 0), destination + position);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(long position) => Apply(position, false);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Pair<TSingles>(long position, uint* kept)
        where TSingles : struct, ISingles<TSingles>
    {
        TStore.Store(_function.Invoke<TSingles>(position, kept, 0), destination + position);
        TStore.Store(_function.Invoke<TSingles>(position + TSingles.Count, kept, 1), destination + position + TSingles.Count);
    }
}
