namespace DropoutSharp;

/// <summary>A register of floats, whose bits can also be worked on as 32-bit integers.</summary>
/// <remarks>Products and sums are rounded each for itself unless <see cref="MultiplyAdd"/> is asked for, so that every width and every machine gives the same bits.</remarks>
internal unsafe interface ISingles<TSelf> : IReals<TSelf>
    where TSelf : struct, ISingles<TSelf>
{
    static abstract TSelf Load(float* source);

    /// <summary>A number in memory, in every lane.</summary>
    static abstract TSelf Repeat(float* source);

    static abstract void Store(TSelf a, float* destination);

    /// <summary>Stores past the caches, to an address that is a multiple of the register's size.</summary>
    static abstract void Stream(TSelf a, float* destination);

    /// <summary>Loads 16-bit numbers into the lower halves of the lanes; the upper halves become 0.</summary>
    static abstract TSelf LoadHalves(ushort* source);

    /// <summary>Stores the lower halves of the lanes.</summary>
    static abstract void StoreHalves(TSelf a, ushort* destination);

    /// <summary>Loads pairs of 32-bit numbers and parts them: the even ones, the odd ones.</summary>
    static abstract (TSelf Even, TSelf Odd) LoadPairs(uint* source);

    /// <summary>Stores what <see cref="LoadPairs"/> would part so.</summary>
    static abstract void StorePairs(TSelf even, TSelf odd, float* destination);

    static abstract TSelf BroadcastBits(uint value);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary><c>a·b + c</c>, rounded once. A processor without the instruction, from before 2013, gets the same bits from a library's function, much slower.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf operator &(TSelf a, TSelf b);

    static abstract TSelf operator |(TSelf a, TSelf b);

    static abstract TSelf operator ^(TSelf a, TSelf b);

    static abstract TSelf operator <<(TSelf a, int count);

    static abstract TSelf operator >>>(TSelf a, int count);

    static abstract TSelf AddBits(TSelf a, TSelf b);

    static abstract TSelf SubtractBits(TSelf a, TSelf b);

    /// <summary>All ones where the signed integers are less, else 0.</summary>
    static abstract TSelf LessBits(TSelf a, TSelf b);

    /// <summary>All ones where the numbers are less, else 0; not a number is never less.</summary>
    static abstract TSelf Less(TSelf a, TSelf b);

    /// <summary>Whether any lane of a mask is all ones.</summary>
    static abstract bool Any(TSelf mask);

    /// <summary>Chooses bit by bit: from <paramref name="a"/> where the mask's bit is 1, else from <paramref name="b"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>The signed integers as floats, rounded to nearest, ties to even.</summary>
    static abstract TSelf FromIntegers(TSelf a);
}
