using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Philox4x32-10 on registers of counters that share a <see cref="PhiloxSchedule"/>.</summary>
internal readonly unsafe ref struct PhiloxRounds<TCounters>
    where TCounters : struct, ICounters<TCounters>
{
    private readonly TCounters _multiplierA;
    private readonly TCounters _multiplierB;
    private readonly ulong* _schedule;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PhiloxRounds(PhiloxSchedule* schedule)
    {
        _multiplierA = TCounters.Broadcast(Philox4x32.MultiplierA);
        _multiplierB = TCounters.Broadcast(Philox4x32.MultiplierB);
        _schedule = (ulong*)schedule;
    }

    /// <summary>The first round's product of counters. It grows by <see cref="Advance"/> with them, so that it need not be taken again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TCounters Product(TCounters counters) => TCounters.Multiply(counters, _multiplierA);

    /// <summary>What <see cref="Product"/> grows by when every counter does by so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TCounters Advance(uint counters) => TCounters.Broadcast((ulong)Philox4x32.MultiplierA * counters);

    /// <summary>The first two rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(TCounters product, out Words<TCounters> words)
    {
        TCounters product2 = TCounters.Multiply(TCounters.Xor(TCounters.High(product), TCounters.Broadcast(_schedule[0])), _multiplierB);
        words.Word0 = TCounters.Xor(TCounters.High(product2), TCounters.Broadcast(_schedule[1]));
        words.Word1 = product2;
        words.Word2 = TCounters.Xor(product, TCounters.Broadcast(_schedule[2]));
        words.Word3 = TCounters.Broadcast(_schedule[3]);
    }

    /// <summary>One of the <see cref="PhiloxSchedule.FullRounds"/> rounds that follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Round(nint round, ref Words<TCounters> words)
    {
        ulong* keys = _schedule + 4 + (2 * round);
        TCounters a = TCounters.Multiply(words.Word0, _multiplierA), b = TCounters.Multiply(words.Word2, _multiplierB);
        words.Word0 = TCounters.Xor(TCounters.High(b), words.Word1, TCounters.Broadcast(keys[0]));
        words.Word2 = TCounters.Xor(TCounters.High(a), words.Word3, TCounters.Broadcast(keys[1]));
        words.Word1 = b;
        words.Word3 = a;
    }
}
