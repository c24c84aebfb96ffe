using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Activation and dropout with one mask for all rows: <c>kept ? activation(x)·scale : +0</c>. An item is a row.</summary>
internal readonly unsafe struct ActivationRowDropout<TActivation>(float* x, float* destination, uint* mask, int columns, double scale, VectorWidth width) : IRangeWork
    where TActivation : struct, IActivationFunction
{
    private readonly Coefficient _scale = new(scale);

    /// <inheritdoc/>
    public void Invoke(long start, long end)
    {
        for (long row = start; row < end; row++)
        {
            float* from = x + (row * columns), to = destination + (row * columns);
            int done = width switch
            {
                VectorWidth.Vector512 => Run<Singles512>(from, to),
                VectorWidth.Vector256 => Run<Singles256>(from, to),
                VectorWidth.Vector128 => Run<Singles128>(from, to),
                _ => 0,
            };
            for (; done < columns; done++)
            {
                SinglesScalar.Store(Result<SinglesScalar>(from, done), to + done);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Run<TSingles>(float* from, float* to)
        where TSingles : struct, ISingles<TSingles>
    {
        int column = 0;
        for (; column + TSingles.Count <= columns; column += TSingles.Count)
        {
            TSingles.Store(Result<TSingles>(from, column), to + column);
        }

        return column;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TSingles Result<TSingles>(float* from, int column)
        where TSingles : struct, ISingles<TSingles> =>
        (TActivation.Value(TSingles.Load(from + column)) * TSingles.Broadcast(_scale)) & TSingles.Load((float*)mask + column);
}
