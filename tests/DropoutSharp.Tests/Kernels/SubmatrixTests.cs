using System.Numerics;
using System.Runtime.InteropServices;

namespace DropoutSharp.Tests.Kernels;

/// <summary>Gathering and spreading of kept rows and columns, against the definition, element by element.</summary>
public sealed unsafe class SubmatrixTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 5, 1)]
    [InlineData(7, 5, 9)]
    [InlineData(64, 129, 1)]
    [InlineData(300, 1100, 1)] // enough for several threads
    public void Gather_RandomParts_AreTheKeptElements(int rows, int columns, int run)
    {
        Random random = new(rows + columns + run);
        foreach ((int[]? keptRows, int[]? keptColumns) in Parts(random, rows, columns))
        {
            Submatrix part = new(rows, columns, run, keptRows, keptColumns);
            AssertGathers<float>(part, keptRows, keptColumns, static i => i);
            AssertGathers<double>(part, keptRows, keptColumns, static i => i);
            AssertGathers<Half>(part, keptRows, keptColumns, static i => (Half)(i % 2048));
            AssertGathersScaled<float>(part);
            AssertGathersScaled<double>(part);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 5, 1)]
    [InlineData(7, 5, 9)]
    [InlineData(3, 16, 1)]
    [InlineData(64, 129, 1)]
    [InlineData(300, 1100, 1)] // enough for several threads
    public void AddScaled_RandomParts_AddsToKeptElementsOnly(int rows, int columns, int run)
    {
        Random random = new(rows + columns + run);
        foreach ((int[]? keptRows, int[]? keptColumns) in Parts(random, rows, columns))
        {
            Submatrix part = new(rows, columns, run, keptRows, keptColumns);
            AssertAdds<float>(part, random);
            AssertAdds<double>(part, random);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Scatter_Parts_AreSummedWhereTheyMeet(int count)
    {
        const int Rows = 23, Columns = 31, Run = 3;
        Random random = new(count);
        Submatrix[] parts = [.. Enumerable.Range(0, count).Select(_ => new Submatrix(Rows, Columns, Run, Some(random, Rows), Some(random, Columns)))];
        double[] expected = new double[Rows * Columns * Run], actual = new double[expected.Length];
        Array.Fill(actual, double.NaN); // nothing of what was there may be left
        List<double> source = [];
        foreach (Submatrix part in parts)
        {
            foreach (int row in part.KeptRowIndices!)
            {
                foreach (int column in part.KeptColumnIndices!)
                {
                    for (int i = 0; i < Run; i++)
                    {
                        source.Add(random.Next(-9, 10)); // whole numbers: sums are exact
                        expected[(((row * Columns) + column) * Run) + i] += source[^1];
                    }
                }
            }
        }

        fixed (double* from = source.ToArray(), to = actual)
        {
            Submatrix.Scatter(parts, from, to);
        }

        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(7, 5)]
    [InlineData(64, 129)]
    [InlineData(300, 1100)] // enough for several threads
    public void Scatter_OnePartOfFloats_IsTheKeptElementsAmongZeros(int rows, int columns)
    {
        Random random = new(rows);
        foreach ((int[]? keptRows, int[]? keptColumns) in Parts(random, rows, columns))
        {
            Submatrix part = new(rows, columns, 1, keptRows, keptColumns);
            float[] source = [.. Enumerable.Range(1, (int)part.Length).Select(static i => (float)i)], expected = new float[rows * columns], actual = new float[expected.Length];
            Array.Fill(actual, float.NaN); // nothing of what was there may be left
            int next = 0;
            foreach (int row in keptRows ?? [.. Enumerable.Range(0, rows)])
            {
                foreach (int column in keptColumns ?? [.. Enumerable.Range(0, columns)])
                {
                    expected[(row * columns) + column] = source[next++];
                }
            }

            fixed (float* from = source, to = actual)
            {
                Submatrix.Scatter([part], from, to);
            }

            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AllOperations_ColumnsOfEveryNumber_TouchNothingBeyondTheirMemory(bool atEnd)
    {
        Assert.SkipUnless(GuardedMemory.IsSupported, "Guard pages are asked for by Linux's own calls.");
        const int Rows = 6;
        Random random = new(1);
        for (int columns = 1; columns <= 70; columns++)
        {
            foreach (double keep in (double[])[0, 0.1, 0.5, 0.9, 1])
            {
                int[] keptRows = Some(random, Rows), keptColumns = [.. Enumerable.Range(0, columns).Where(_ => random.NextDouble() < keep)];
                AssertStaysWithin(new(Rows, columns, 1, keptRows, keptColumns), atEnd);
            }
        }
    }

    private static void AssertStaysWithin(Submatrix part, bool atEnd)
    {
        int[] rows = [.. part.KeptRowIndices!], columns = [.. part.KeptColumnIndices!];
        using GuardedMemory<float> matrix = new(part.Rows * part.Columns, atEnd), kept = new((int)part.Length, atEnd);
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix.Span[i] = i + 1;
        }

        float[] expected = [.. from row in rows from column in columns select (float)((row * part.Columns) + column + 1)];
        fixed (float* whole = matrix.Span, some = kept.Span)
        {
            part.Gather(whole, some);
            Assert.Equal(expected, kept.Span.ToArray());
            part.GatherScaled(whole, 2, some);
            Assert.Equal(expected.Select(static value => 2 * value), kept.Span.ToArray());
            part.AddScaled(some, 0.5f, whole);
            Assert.Equal(Places((row, column, place) => (Array.IndexOf(rows, row) >= 0 && Array.IndexOf(columns, column) >= 0 ? 2 : 1) * (place + 1f)), matrix.Span.ToArray());
            Submatrix.Scatter([part], some, whole);
            Assert.Equal(Places((row, column, place) => Array.IndexOf(rows, row) >= 0 && Array.IndexOf(columns, column) >= 0 ? 2 * (place + 1f) : 0), matrix.Span.ToArray());
        }

        float[] Places(Func<int, int, int, float> value) =>
            [.. Enumerable.Range(0, matrix.Length).Select(place => value(place / part.Columns, place % part.Columns, place))];
    }

    [Fact]
    public void Create_PartsThatDoNotFit_AreRefused()
    {
        Assert.Contains("received 4 at position 1", Assert.Throws<ArgumentException>(() => new Submatrix(4, 4, 1, [0, 4], null)).Message, StringComparison.Ordinal);
        Assert.Contains("ascend", Assert.Throws<ArgumentException>(() => new Submatrix(4, 4, 1, null, [2, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Submatrix(4, 4, 0, null, null));
        Assert.Throws<ArgumentException>(() => Submatrix.Scatter<float>([], null, null));
        Assert.Throws<ArgumentException>(() => Submatrix.Scatter<float>([new(2, 2, 1, null, null), new(2, 3, 1, null, null)], null, null));
        Assert.Throws<ArgumentException>(() => new Submatrix(2, 2, 1, null, null).AddScaled(null, Half.One, null));
        Assert.Throws<ArgumentException>(() => new Submatrix(2, 2, 1, null, null).GatherScaled(null, Half.One, null));
        Assert.Throws<ArgumentException>(() => Submatrix.Scatter<Half>([new(2, 2, 1, null, null), new(2, 2, 1, null, null)], null, null));
    }

    private static void AssertGathers<T>(Submatrix part, int[]? keptRows, int[]? keptColumns, Func<int, T> element)
        where T : unmanaged
    {
        T[] matrix = [.. Enumerable.Range(0, part.Rows * part.Columns * part.Run).Select(element)];
        IEnumerable<T> expected =
            from row in keptRows ?? Enumerable.Range(0, part.Rows)
            from column in keptColumns ?? Enumerable.Range(0, part.Columns)
            from i in Enumerable.Range(0, part.Run)
            select matrix[(((row * part.Columns) + column) * part.Run) + i];
        T[] actual = new T[part.Length];
        fixed (T* from = matrix, to = actual)
        {
            part.Gather(from, to);
        }

        Assert.Equal(expected, actual);
    }

    private static void AssertGathersScaled<T>(Submatrix part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] matrix = [.. Enumerable.Range(0, part.Rows * part.Columns * part.Run).Select(static i => T.CreateTruncating(i * 0.1))], plain = new T[part.Length], scaled = new T[part.Length];
        T factor = T.CreateTruncating(1.7);
        fixed (T* from = matrix, first = plain, second = scaled)
        {
            part.Gather(from, first);
            part.GatherScaled(from, factor, second);
        }

        Assert.Equal(plain.Select(value => value * factor), scaled);
    }

    private static void AssertAdds<T>(Submatrix part, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What is not kept is NaN in places, and −0 in others: neither may change in a single bit.
        T[] matrix = [.. Enumerable.Range(0, part.Rows * part.Columns * part.Run).Select(i => i % 3 == 0 ? T.NaN : i % 3 == 1 ? T.NegativeZero : T.CreateTruncating(random.NextDouble()))];
        T[] values = [.. Enumerable.Range(0, (int)part.Length).Select(_ => T.CreateTruncating(random.NextDouble()))], expected = [.. matrix];
        T factor = T.CreateTruncating(-0.3);
        int next = 0;
        foreach (int row in part.KeptRowIndices ?? [.. Enumerable.Range(0, part.Rows)])
        {
            foreach (int column in part.KeptColumnIndices ?? [.. Enumerable.Range(0, part.Columns)])
            {
                for (int i = 0; i < part.Run; i++, next++)
                {
                    int place = (((row * part.Columns) + column) * part.Run) + i;
                    expected[place] = T.FusedMultiplyAdd(factor, values[next], expected[place]);
                }
            }
        }

        fixed (T* from = values, to = matrix)
        {
            part.AddScaled(from, factor, to);
        }

        Assert.True(MemoryMarshal.AsBytes<T>(expected).SequenceEqual(MemoryMarshal.AsBytes<T>(matrix)));
    }

    private static IEnumerable<(int[]? Rows, int[]? Columns)> Parts(Random random, int rows, int columns) =>
        [(null, null), (Some(random, rows), null), (null, Some(random, columns)), (Some(random, rows), Some(random, columns)), ([], null), (null, [])];

    private static int[] Some(Random random, int count) => [.. Enumerable.Range(0, count).Where(_ => random.Next(2) == 0)];
}
