using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>What Philox mixes in, round by round, for all counters that differ in their lowest word only.</summary>
/// <remarks>
/// Three words of such counters are the same: key, step, site and the index's upper part. So the first round's second product and the
/// second round's first one are numbers, not registers, and are computed here once. Each entry is 64 bits wide, as a lane is.
/// </remarks>
[InlineArray(Length)]
internal struct PhiloxSchedule
{
    /// <summary>How many rounds are left to do in full after the first two.</summary>
    public const int FullRounds = Philox4x32.Rounds - 2;

    private const int Length = 4 + (2 * FullRounds);

    private ulong _first;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static PhiloxSchedule Create(MaskStream stream, MaskStream.Domain domain, uint indexHigh)
    {
        Unsafe.SkipInit(out PhiloxSchedule schedule);
        uint key0 = (uint)stream.Key, key1 = (uint)(stream.Key >> 32);
        ulong product = (ulong)Philox4x32.MultiplierB * stream.Step;
        uint word0 = (uint)(product >> 32) ^ (indexHigh | (uint)domain << 30) ^ key0;
        ulong product2 = (ulong)Philox4x32.MultiplierA * word0;
        schedule[0] = stream.Site ^ key1;
        schedule[1] = (uint)product ^ (key0 + Philox4x32.WeylA);
        schedule[2] = (uint)(product2 >> 32) ^ (key1 + Philox4x32.WeylB);
        schedule[3] = (uint)product2;
        for (int round = 2; round < Philox4x32.Rounds; round++)
        {
            schedule[2 * round] = key0 + ((uint)round * Philox4x32.WeylA);
            schedule[(2 * round) + 1] = key1 + ((uint)round * Philox4x32.WeylB);
        }

        return schedule;
    }
}
