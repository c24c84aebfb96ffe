namespace DropoutSharp;

/// <summary>Writes each element's normal number as a double.</summary>
internal readonly unsafe struct NormalDoubles(double* destination) : IRealOperation
{
    public void Apply<TSingles, TDoubles>(uint* words, int from, int to, long position)
        where TSingles : struct, ISingles<TSingles>
        where TDoubles : struct, IDoubles<TDoubles>
    {
        double* target = destination + position - from;
        for (int i = from & ~1; i < to; i += 2)
        {
            (double even, double odd) = BoxMuller.Pair(words[i], words[i + 1]);
            if (i >= from)
            {
                target[i] = even;
            }

            if (i + 1 < to)
            {
                target[i + 1] = odd;
            }
        }
    }
}

/// <summary>Writes each element's normal number as a float.</summary>
internal readonly unsafe struct NormalSingles(float* destination) : IRealOperation
{
    public void Apply<TSingles, TDoubles>(uint* words, int from, int to, long position)
        where TSingles : struct, ISingles<TSingles>
        where TDoubles : struct, IDoubles<TDoubles>
    {
        BoxMuller.Transform<TSingles>(words, BoxMuller.Whole(to));
        long bytes = (to - from) * sizeof(float);
        Buffer.MemoryCopy(words + from, destination + position, bytes, bytes);
    }
}
