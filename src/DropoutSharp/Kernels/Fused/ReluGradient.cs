using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>The gradient of ReLU and dropout by the sign of their result: what is above zero was kept and active, whatever the mask.</summary>
internal readonly unsafe struct ReluGradient<TStore>(float* gradient, float* output, float* destination, double scale, VectorWidth width) : IRangeWork
    where TStore : struct, IStore
{
    private readonly Coefficient _scale = new(scale);

    /// <inheritdoc/>
    public void Invoke(long start, long end)
    {
        long done = width switch
        {
            VectorWidth.Vector512 => Run<Singles512>(start, end),
            VectorWidth.Vector256 => Run<Singles256>(start, end),
            VectorWidth.Vector128 => Run<Singles128>(start, end),
            _ => start,
        };
        for (; done < end; done++)
        {
            SinglesScalar.Store(Result<SinglesScalar>(done), destination + done);
        }
    }

    // Optimised at once: a call takes most of its time in one loop, which the first tier would run thirty times as long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Run<TSingles>(long position, long end)
        where TSingles : struct, ISingles<TSingles>
    {
        for (; position + TSingles.Count <= end; position += TSingles.Count)
        {
            TStore.Store(Result<TSingles>(position), destination + position);
        }

        return position;
    }

    private TSingles Result<TSingles>(long position)
        where TSingles : struct, ISingles<TSingles> =>
        (TSingles.Load(gradient + position) * TSingles.Broadcast(_scale)) & ReluActivation.IsActive(TSingles.Load(output + position));
}
