namespace DropoutSharp;

/// <summary>
/// A register of Philox counters, or of one word of each: every counter has a 64-bit lane, whose low half is the word. What stands in the
/// high half is of no interest: the multiplication reads low halves only, which spares a round all shuffling.
/// </summary>
/// <remarks>Two registers together hold <c>2·Count</c> counters and give <c>32·Count</c> mask bytes.</remarks>
internal unsafe interface ICounters<TSelf>
    where TSelf : struct, ICounters<TSelf>
{
    /// <summary>How many counters a register holds.</summary>
    static abstract int Count { get; }

    /// <summary>The counters, from the first, of the first register of a pair that gives mask bytes.</summary>
    static abstract TSelf MaskCountersA { get; }

    /// <summary>The counters, from the first, of the second register of a pair that gives mask bytes.</summary>
    static abstract TSelf MaskCountersB { get; }

    /// <summary>The counters, from the first, of a register whose words are wanted in memory, counter by counter.</summary>
    static abstract TSelf WordCounters { get; }

    static abstract TSelf Broadcast(ulong value);

    /// <summary>As many counters as a register holds, from 32-bit numbers in memory.</summary>
    static abstract TSelf Load(uint* source);

    static abstract TSelf Add(TSelf a, TSelf b);

    /// <summary>The 64-bit products of the low halves.</summary>
    static abstract TSelf Multiply(TSelf a, TSelf b);

    /// <summary>The high half of each lane, in its low half.</summary>
    static abstract TSelf High(TSelf a);

    static abstract TSelf Xor(TSelf a, TSelf b);

    static abstract TSelf Xor(TSelf a, TSelf b, TSelf c);

    /// <summary>Which mask bytes of a pair of registers are at most, and which are equal to, the byte that fills the register <c>limit</c>.</summary>
    /// <param name="a">The four words of the first register's counters.</param>
    /// <param name="b">The four words of the second register's counters.</param>
    /// <param name="limit">The byte that the mask bytes are compared with, in every byte.</param>
    /// <param name="atMost">Receives a bit an element.</param>
    /// <param name="equal">Receives a bit an element; null where nobody asks.</param>
    static abstract void Compare(in Words<TSelf> a, in Words<TSelf> b, TSelf limit, ulong* atMost, ulong* equal);

    /// <summary>Stores the low half of each lane as the low half of a 64-bit number; what the high halves become is open.</summary>
    static abstract void Store(TSelf a, ulong* destination);

    /// <summary>Stores the four words of <see cref="WordCounters"/>, counter by counter: <c>4·Count</c> numbers.</summary>
    static abstract void StoreWords(in Words<TSelf> words, uint* destination);
}
