namespace DropoutSharp.Tests.Kernels;

public sealed class RowsTests
{
    [Theory]
    [InlineData(7, 5)]
    [InlineData(1000, 301)] // enough for several threads
    [InlineData(6, 0)]
    public unsafe void GatherAndSpread_ChosenRows_AreTheirDefinition(int count, int elements)
    {
        long[] rows = [.. Enumerable.Range(0, count).Where(static row => row * 7 % 5 is 0 or 3 or 4).Select(static row => (long)row)];
        double[] x = [.. Enumerable.Range(1, count * elements).Select(static i => (double)i)];
        double[] gathered = new double[rows.Length * elements], spread = new double[x.Length];
        Array.Fill(spread, double.NaN);
        fixed (double* source = x, small = gathered, large = spread)
        {
            DropoutPrimitives.GatherRows(source, small, rows, count, elements, 2);
            DropoutPrimitives.SpreadRows(small, large, rows, count, elements, 3);
        }

        for (int i = 0; i < gathered.Length; i++)
        {
            Assert.Equal(2 * x[(rows[i / elements] * elements) + (i % elements)], gathered[i]);
        }

        for (int i = 0; i < spread.Length; i++)
        {
            Assert.Equal(rows.Contains(i / elements) ? 6 * x[i] : 0, spread[i]);
        }
    }

    [Theory]
    [InlineData(7, 5)]
    [InlineData(1000, 301)] // enough for several threads
    [InlineData(6, 0)]
    public unsafe void AddRows_ChosenRows_AreTheirDefinitionApartAndInPlace(int count, int elements)
    {
        long[] rows = [.. Enumerable.Range(0, count).Where(static row => row * 7 % 5 is 0 or 3 or 4).Select(static row => (long)row)];
        double[] x = [.. Enumerable.Range(1, count * elements).Select(static i => (double)i)], sum = new double[x.Length], inPlace = [.. x];
        double[] y = [.. Enumerable.Range(1, rows.Length * elements).Select(static i => 1000.0 + i)];
        double[] expected = [.. x];
        for (int i = 0; i < y.Length; i++)
        {
            expected[(rows[i / elements] * elements) + (i % elements)] += 3 * y[i];
        }

        fixed (double* large = x, small = y, destination = sum, same = inPlace)
        {
            DropoutPrimitives.AddRows(large, small, destination, rows, count, elements, 3);
            DropoutPrimitives.AddRows(same, small, same, rows, count, elements, 3);
        }

        Assert.Equal(expected, sum);
        Assert.Equal(expected, inPlace);
    }

    [Fact]
    public unsafe void AddRows_NoneOrAllRows_CopiesOrAddsEverywhere()
    {
        float[] x = [1, 2, 3, float.NaN], y = [10, 20, 30, 40], none = new float[4], all = new float[4];
        fixed (float* large = x, small = y, first = none, second = all)
        {
            DropoutPrimitives.AddRows(large, small, first, [], 2, 2, 0.5);
            DropoutPrimitives.AddRows(large, small, second, [0, 1], 2, 2, 0.5);
        }

        Assert.Equal(x, none);
        Assert.Equal([6, 12, 18, float.NaN], all);
    }

    [Fact]
    public unsafe void AddedRows_EveryWidthAndLength_IsTheScalarForm()
    {
        foreach (VectorWidth width in new[] { VectorWidth.Vector128, VectorWidth.Vector256, VectorWidth.Vector512 })
        {
            for (int length = 0; length <= 70; length++)
            {
                Compare(width, length, static i => (float)Math.Sin(i));
                Compare(width, length, static i => Math.Sin(i));
                Compare(width, length, static i => (Half)Math.Sin(i));
                Compare(width, length, static i => (BFloat16)(float)Math.Sin(i));
            }
        }

        static void Compare<T>(VectorWidth width, int length, Func<int, T> element)
            where T : unmanaged
        {
            T[] x = [.. Enumerable.Range(0, length).Select(element)], y = [.. Enumerable.Range(100, length).Select(element)];
            T[] expected = new T[length], received = new T[length];
            fixed (T* a = x, b = y, first = expected, second = received)
            {
                AddedRows.Run(a, b, first, length, 1 / 0.7, VectorWidth.Scalar);
                AddedRows.Run(a, b, second, length, 1 / 0.7, width);
            }

            Assert.Equal(expected, received);
        }
    }

    [Fact]
    public unsafe void GatherRows_BadRows_AreRefused()
    {
        float x = 1, y = 0;
        float* source = &x, destination = &y;
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.GatherRows(source, destination, [1], 1, 1));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.GatherRows(source, destination, [0, 0], 3, 1));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.SpreadRows(source, destination, [-1], 3, 1));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.AddRows(source, source, destination, [1], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.AddRows(source, source, destination, [], 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.SpreadRows(source, destination, [], -1, 1));
    }
}
