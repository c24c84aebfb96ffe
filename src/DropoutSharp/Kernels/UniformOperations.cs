namespace DropoutSharp;

/// <summary>Writes each element's uniform number as a double.</summary>
internal readonly unsafe struct UniformDoubles(double* destination) : IRealOperation
{
    public void Apply<TSingles, TDoubles>(uint* words, int from, int to, long position)
        where TSingles : struct, ISingles<TSingles>
        where TDoubles : struct, IDoubles<TDoubles>
    {
        double* target = destination + position - from;
        for (int i = from; i < to; i++)
        {
            target[i] = (words[i] + 0.5) * (1 / 4294967296.0);
        }
    }
}

/// <summary>Writes each element's uniform number as the nearest float below 1.</summary>
internal readonly unsafe struct UniformSingles(float* destination) : IRealOperation
{
    public void Apply<TSingles, TDoubles>(uint* words, int from, int to, long position)
        where TSingles : struct, ISingles<TSingles>
        where TDoubles : struct, IDoubles<TDoubles>
    {
        float* target = destination + position - from;
        int i = from;
        for (; i + TSingles.Count <= to; i += TSingles.Count)
        {
            TSingles.Store(Uniform(TSingles.Load((float*)words + i)), target + i);
        }

        for (; i < to; i++)
        {
            SinglesScalar.Store(Uniform(SinglesScalar.Load((float*)words + i)), target + i);
        }
    }

    /// <remarks>Both halves of a word are exact as floats, so that their sum is the only rounding. It can reach 1.</remarks>
    private static TSingles Uniform<TSingles>(TSingles word)
        where TSingles : struct, ISingles<TSingles>
    {
        const uint One = 0x3F800000;
        TSingles half = TSingles.BroadcastBits(BitConverter.SingleToUInt32Bits(0.5f));
        TSingles upper = TSingles.FromIntegers(word >>> 16) * TSingles.BroadcastBits(One - (16U << 23));
        TSingles lower = (TSingles.FromIntegers(word & TSingles.BroadcastBits(0xFFFF)) + half) * TSingles.BroadcastBits(One - (32U << 23));
        TSingles sum = upper + lower;
        return TSingles.Select(TSingles.LessBits(sum, TSingles.BroadcastBits(One)), sum, TSingles.BroadcastBits(One - 1));
    }
}
