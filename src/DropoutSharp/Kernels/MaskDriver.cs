namespace DropoutSharp;

/// <summary>Draws a stretch of a mask and gives it to an operation: the one loop beneath every kernel that drops.</summary>
/// <remarks>
/// The width of the registers is the only thing that differs between the forms; scalar, 128, 256 and 512 bits give the same bits.
/// </remarks>
internal static unsafe class MaskDriver
{
    /// <summary>Applies an operation to a stretch of a mask, on several threads where that pays.</summary>
    /// <param name="stream">The mask's position.</param>
    /// <param name="threshold">How many of 2³² draws keep an element.</param>
    /// <param name="first">The index, in the whole mask, of the first element.</param>
    /// <param name="length">How many elements there are.</param>
    /// <param name="operation">What to do with them; each thread has its own copy.</param>
    public static void Run<TOperation>(MaskStream stream, ulong threshold, long first, long length, TOperation operation)
        where TOperation : struct, IMaskOperation =>
        Run(stream, threshold, first, length, operation, VectorWidths.Best, Parallelism.Default);

    public static void Run<TOperation>(
        MaskStream stream, ulong threshold, long first, long length, TOperation operation, VectorWidth width, Parallelism parallelism)
        where TOperation : struct, IMaskOperation
    {
        if (length < parallelism.LeastLength)
        {
            Run(stream, threshold, first, length, 0, ref operation, width);
            return;
        }

        int lead = (int)(first & (MaskGroup.Elements - 1));
        var work = new Work<TOperation>(stream, threshold, first, length, lead, operation, width);
        ForkJoin.Run(lead + length, parallelism.Piece, parallelism.Threads, work);
    }

    private static void Run<TOperation>(
        MaskStream stream, ulong threshold, long first, long length, long position, ref TOperation operation, VectorWidth width)
        where TOperation : struct, IMaskOperation
    {
        switch (width)
        {
            case VectorWidth.Vector512:
                MaskDriver<Counters512, TOperation>.Run(stream, threshold, first, length, position, ref operation);
                break;
            case VectorWidth.Vector256:
                MaskDriver<Counters256, TOperation>.Run(stream, threshold, first, length, position, ref operation);
                break;
            case VectorWidth.Vector128:
                MaskDriver<Counters128, TOperation>.Run(stream, threshold, first, length, position, ref operation);
                break;
            default:
                RunScalar(stream, threshold, first, length, position, ref operation);
                break;
        }
    }

    private static void RunScalar<TOperation>(
        MaskStream stream, ulong threshold, long first, long length, long position, ref TOperation operation)
        where TOperation : struct, IMaskOperation
    {
        bool constant = threshold is 0 or 1UL << 32;
        for (long i = 0; i < length; i++)
        {
            operation.Apply(position + i, constant ? threshold != 0 : stream.IsKept(first + i, threshold));
        }
    }

    private readonly struct Work<TOperation>(
        MaskStream stream, ulong threshold, long first, long length, int lead, TOperation operation, VectorWidth width) : IRangeWork
        where TOperation : struct, IMaskOperation
    {
        public void Invoke(long start, long end)
        {
            // Pieces are cut at whole groups of the mask, which begin `lead` elements before the first.
            long from = Math.Max(start - lead, 0), to = Math.Min(end - lead, length);
            TOperation mine = operation;
            Run(stream, threshold, first + from, to - from, from, ref mine, width);
        }
    }
}
