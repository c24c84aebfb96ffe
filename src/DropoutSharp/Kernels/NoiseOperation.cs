namespace DropoutSharp;

/// <summary>Applies a <see cref="INoiseFunction"/> to each element of a source and writes the destination.</summary>
internal readonly unsafe struct NoiseOperation<T, TFunction>(T* x, T* destination, TFunction function) : IRealOperation
    where T : unmanaged
    where TFunction : struct, INoiseFunction
{
    private readonly TFunction _function = function;

    public void Apply<TSingles, TDoubles>(uint* words, int from, int to, long position)
        where TSingles : struct, ISingles<TSingles>
        where TDoubles : struct, IDoubles<TDoubles>
    {
        position -= from;
        if (typeof(T) == typeof(double))
        {
            ApplyDoubles(words, from, to, position);
            return;
        }

        BoxMuller.Transform<TSingles>(words, BoxMuller.Whole(to));
        int i = from;
        for (; i + TSingles.Count <= to; i += TSingles.Count)
        {
            Apply<TSingles>((float*)words, i, position);
        }

        for (; i < to; i++)
        {
            Apply<SinglesScalar>((float*)words, i, position);
        }
    }

    private void Apply<TSingles>(float* normals, int i, long position)
        where TSingles : struct, ISingles<TSingles> =>
        Elements.Store(
            _function.Invoke(Elements.Load<T, TSingles>(x + position + i), TSingles.Load(normals + i)), destination + position + i);

    private void ApplyDoubles(uint* words, int from, int to, long position)
    {
        for (int i = from & ~1; i < to; i += 2)
        {
            (double even, double odd) = BoxMuller.Pair(words[i], words[i + 1]);
            if (i >= from)
            {
                ApplyDouble(even, position + i);
            }

            if (i + 1 < to)
            {
                ApplyDouble(odd, position + i + 1);
            }
        }
    }

    private void ApplyDouble(double normal, long position)
    {
        DoublesScalar value = _function.Invoke(DoublesScalar.Load((double*)x + position), DoublesScalar.Load(&normal));
        DoublesScalar.Store(value, (double*)destination + position);
    }
}
