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

    [Fact]
    public unsafe void GatherRows_BadRows_AreRefused()
    {
        float x = 1, y = 0;
        float* source = &x, destination = &y;
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.GatherRows(source, destination, [1], 1, 1));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.GatherRows(source, destination, [0, 0], 3, 1));
        Assert.Throws<ArgumentException>(() => DropoutPrimitives.SpreadRows(source, destination, [-1], 3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutPrimitives.SpreadRows(source, destination, [], -1, 1));
    }
}
