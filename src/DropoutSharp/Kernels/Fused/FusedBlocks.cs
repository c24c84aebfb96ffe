using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>A fused operation whose function is long: a block's mask is drawn first, then the function is applied in a loop of its own, which leaves it all registers.</summary>
internal readonly unsafe struct FusedBlocks<TFunction, TStore>(
    TFunction function, float* destination, ulong threshold, MaskStream stream, long firstElement, VectorWidth width) : IRangeWork
    where TFunction : struct, IFusedFunction
    where TStore : struct, IStore
{
    private const int Block = 4096;
    private static readonly Parallelism Alone = new(1, long.MaxValue, long.MaxValue);

    private readonly TFunction _function = function;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public void Invoke(long start, long end)
    {
        // Bits are drawn from whole bytes of the mask on; a register's bits are read as 64.
        byte* bits = stackalloc byte[(Block / 8) + 16];
        for (; start < end; start += Block)
        {
            int length = (int)Math.Min(Block, end - start), lead = (int)((firstElement + start) & 7);
            MaskDriver.Run(stream, threshold, firstElement + start - lead, lead + length, new KeptBits(bits), width, Alone);
            int done = width switch
            {
                VectorWidth.Vector512 => Run<Singles512>(bits, lead, start, length),
                VectorWidth.Vector256 => Run<Singles256>(bits, lead, start, length),
                VectorWidth.Vector128 => Run<Singles128>(bits, lead, start, length),
                _ => 0,
            };
            for (; done < length; done++)
            {
                uint kept = (uint)(bits[(lead + done) >> 3] >> ((lead + done) & 7)) & 1;
                SinglesScalar.Store(_function.Invoke<SinglesScalar>(start + done, &kept, 0), destination + start + done);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Run<TSingles>(byte* bits, int lead, long start, int length)
        where TSingles : struct, ISingles<TSingles>
    {
        TFunction function = _function;
        int i = 0;
        for (; i + TSingles.Count <= length; i += TSingles.Count)
        {
            uint kept = Unsafe.ReadUnaligned<uint>(bits + ((lead + i) >> 3)) >> ((lead + i) & 7);
            TStore.Store(function.Invoke<TSingles>(start + i, &kept, 0), destination + start + i);
        }

        return i;
    }
}
