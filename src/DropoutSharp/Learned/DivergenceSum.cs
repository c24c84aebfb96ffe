using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Sums a divergence over weights and writes its slopes, in one pass, on several threads where that pays.</summary>
/// <remarks>Sixteen sums in float over a thousand weights are added up in double, in the order of the weights: the same number for every width and any threads.</remarks>
internal static unsafe class DivergenceSum
{
    private const int Lanes = 16, Block = 1024;

    public static double Run<TDivergence>(float* weights, float* noise, byte* kept, float* weightSlopes, float* noiseSlopes, long length)
        where TDivergence : struct, IDivergence =>
        Run<TDivergence>(weights, noise, kept, weightSlopes, noiseSlopes, length, VectorWidths.Best, Parallelism.ForReals);

    public static double Run<TDivergence>(
        float* weights, float* noise, byte* kept, float* weightSlopes, float* noiseSlopes, long length, VectorWidth width, Parallelism parallelism)
        where TDivergence : struct, IDivergence
    {
        double[] sums = new double[(length + Block - 1) / Block];
        var work = new Work<TDivergence>(weights, noise, kept, weightSlopes, noiseSlopes, length, sums, width);
        ForkJoin.Run(sums.Length, Math.Max(1, parallelism.Piece / Block), length < parallelism.LeastLength ? 1 : parallelism.Threads, work);
        double total = 0;
        foreach (double sum in sums)
        {
            total += sum;
        }

        return total;
    }

    private readonly struct Work<TDivergence>(
        float* weights, float* noise, byte* kept, float* weightSlopes, float* noiseSlopes, long length, double[] sums, VectorWidth width) : IRangeWork
        where TDivergence : struct, IDivergence
    {
        public void Invoke(long start, long end)
        {
            for (long block = start; block < end; block++)
            {
                int count = (int)Math.Min(length - (block * Block), Block);
                sums[block] = width switch
                {
                    VectorWidth.Vector512 => Sum<Singles512>(block * Block, count),
                    VectorWidth.Vector256 => Sum<Singles256>(block * Block, count),
                    VectorWidth.Vector128 => Sum<Singles128>(block * Block, count),
                    _ => Sum<SinglesScalar>(block * Block, count),
                };
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private double Sum<TSingles>(long first, int count)
            where TSingles : struct, ISingles<TSingles>
        {
            float* sums = stackalloc float[Lanes];
            new Span<float>(sums, Lanes).Clear();
            int whole = count / Lanes * Lanes;
            for (int i = 0; i < whole; i += Lanes)
            {
                long at = first + i;
                Add<TSingles>(
                    sums, TDivergence.NeedsWeight ? weights + at : null, noise + at, kept + at, TDivergence.NeedsWeight ? weightSlopes + at : null, noiseSlopes + at);
            }

            if (whole < count)
            {
                Rest<TSingles>(sums, first + whole, count - whole);
            }

            double total = 0;
            for (int lane = 0; lane < Lanes; lane++)
            {
                total += sums[lane];
            }

            return total;
        }

        /// <summary>The last few weights, in memory of sixteen, of which the others are not kept.</summary>
        private void Rest<TSingles>(float* sums, long first, int count)
            where TSingles : struct, ISingles<TSingles>
        {
            float* memory = stackalloc float[4 * Lanes];
            byte* flags = stackalloc byte[Lanes];
            new Span<float>(memory, 4 * Lanes).Clear();
            new Span<byte>(flags, Lanes).Clear();
            float* weight = memory, parameter = memory + Lanes, weightSlope = memory + (2 * Lanes), noiseSlope = memory + (3 * Lanes);
            if (TDivergence.NeedsWeight)
            {
                new Span<float>(weights + first, count).CopyTo(new Span<float>(weight, Lanes));
            }

            new Span<float>(noise + first, count).CopyTo(new Span<float>(parameter, Lanes));
            new Span<byte>(kept + first, count).CopyTo(new Span<byte>(flags, Lanes));
            Add<TSingles>(sums, weight, parameter, flags, weightSlope, noiseSlope);
            if (TDivergence.NeedsWeight)
            {
                new Span<float>(weightSlope, count).CopyTo(new Span<float>(weightSlopes + first, count));
            }

            new Span<float>(noiseSlope, count).CopyTo(new Span<float>(noiseSlopes + first, count));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add<TSingles>(float* sums, float* weight, float* parameter, byte* flags, float* weightSlope, float* noiseSlope)
            where TSingles : struct, ISingles<TSingles>
        {
            uint bits = KeptFlags.Bits(flags);
            for (int lane = 0; lane < Lanes; lane += TSingles.Count)
            {
                TSingles value = TDivergence.Apply(
                    TDivergence.NeedsWeight ? TSingles.Load(weight + lane) : TSingles.Zero, TSingles.Load(parameter + lane), out TSingles slope, out TSingles noise);
                int part = lane / TSingles.Count;
                TSingles.Store(TSingles.Load(sums + lane) + TSingles.SelectKept(&bits, part, value, TSingles.Zero), sums + lane);
                TSingles.Store(TSingles.SelectKept(&bits, part, noise, TSingles.Zero), noiseSlope + lane);
                if (TDivergence.NeedsWeight)
                {
                    TSingles.Store(TSingles.SelectKept(&bits, part, slope, TSingles.Zero), weightSlope + lane);
                }
            }
        }
    }
}
