using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>The gradient of activation and dropout with one mask for all rows: <c>kept ? gradient·scale·activation′(x) : +0</c>. An item is a row.</summary>
internal readonly unsafe struct ActivationRowDropoutGradient<TActivation>(float* gradient, float* x, float* destination, uint* mask, int columns, double scale, VectorWidth width) : IRangeWork
    where TActivation : struct, IActivationFunction
{
    private readonly Coefficient _scale = new(scale);

    /// <inheritdoc/>
    public void Invoke(long start, long end)
    {
        for (long row = start; row < end; row++)
        {
            long first = row * columns;
            int done = width switch
            {
                VectorWidth.Vector512 => Run<Singles512>(first),
                VectorWidth.Vector256 => Run<Singles256>(first),
                VectorWidth.Vector128 => Run<Singles128>(first),
                _ => 0,
            };
            for (; done < columns; done++)
            {
                SinglesScalar.Store(Result<SinglesScalar>(first, done), destination + first + done);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Run<TSingles>(long first)
        where TSingles : struct, ISingles<TSingles>
    {
        int column = 0;
        for (; column + TSingles.Count <= columns; column += TSingles.Count)
        {
            TSingles.Store(Result<TSingles>(first, column), destination + first + column);
        }

        return column;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TSingles Result<TSingles>(long first, int column)
        where TSingles : struct, ISingles<TSingles> =>
        (TSingles.Load(gradient + first + column) * TSingles.Broadcast(_scale) * TActivation.Slope(TSingles.Load(x + first + column))) & TSingles.Load((float*)mask + column);
}
