namespace DropoutSharp;

/// <summary>Philox4x32-10: a bijection on 128-bit counters for each 64-bit key, as good as random.</summary>
/// <remarks>Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.</remarks>
public static class Philox4x32
{
    internal const int Rounds = 10;
    internal const uint MultiplierA = 0xD2511F53;
    internal const uint MultiplierB = 0xCD9E8D57;
    internal const uint WeylA = 0x9E3779B9;
    internal const uint WeylB = 0xBB67AE85;

    /// <summary>The four random words of a counter.</summary>
    /// <param name="counter">Four 32-bit words; every counter has its own answer.</param>
    /// <param name="key">The key: its low half is key word 0, its high half key word 1.</param>
    /// <returns>Four 32-bit words, each uniform over all values.</returns>
    public static PhiloxWords Draw(PhiloxWords counter, ulong key)
    {
        (uint c0, uint c1, uint c2, uint c3) = counter;
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong a = (ulong)MultiplierA * c0, b = (ulong)MultiplierB * c2;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ k0, (uint)b, (uint)(a >> 32) ^ c3 ^ k1, (uint)a);
            k0 += WeylA;
            k1 += WeylB;
        }

        return new PhiloxWords(c0, c1, c2, c3);
    }
}
