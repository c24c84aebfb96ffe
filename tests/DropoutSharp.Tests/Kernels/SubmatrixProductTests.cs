namespace DropoutSharp.Tests.Kernels;

/// <summary>Products with kept weights where they lie, against sums that are written out.</summary>
public sealed unsafe class SubmatrixProductTests
{
    private static readonly int[] Counts = [0, 1, 3, 14, 16, 17, 32, 33, 70];

    private enum Summands
    {
        None,
        OfOutputs,
        OfRows,
    }

    [Theory]
    [InlineData(nameof(VectorWidth.Scalar))]
    [InlineData(nameof(VectorWidth.Vector128))]
    [InlineData(nameof(VectorWidth.Vector256))]
    [InlineData(nameof(VectorWidth.Vector512))]
    public void MultiplyTransposed_EveryWidth_GivesTheBitsOfSumsInputByInput(string width)
    {
        Random random = new(5);
        foreach ((int rows, int columns) in ((int, int)[])[(1, 1), (5, 7), (6, 40), (23, 31), (64, 129)])
        {
            foreach ((int[]? keptRows, int[]? keptColumns) in Parts(random, rows, columns))
            {
                Submatrix part = new(rows, columns, 1, keptRows, keptColumns);
                foreach (int count in Counts)
                {
                    AssertMultiplies(part, count, (Summands)(count % 3), random, Enum.Parse<VectorWidth>(width));
                }
            }
        }
    }

    [Fact]
    public void MultiplyTransposed_WorkForSeveralThreads_GivesTheSameBits()
    {
        Random random = new(6);
        Submatrix part = new(700, 1100, 1, Some(random, 700), Some(random, 1100));

        AssertMultiplies(part, 70, Summands.OfRows, random, VectorWidths.Best);
        AssertMultiplies(new(9, 9000, 1, null, null), 70, Summands.OfRows, random, VectorWidths.Best); // rows that are laid side by side in several parts
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MultiplyTransposed_SizesOfEveryNumber_TouchesNothingBeyondItsMemory(bool atEnd)
    {
        Assert.SkipUnless(GuardedMemory.IsSupported, "Guard pages are asked for by Linux's own calls.");
        Random random = new(1);
        for (int columns = 1; columns <= 35; columns++)
        {
            int rows = 1 + (columns % 8);
            Submatrix part = new(rows, columns, 1, Some(random, rows), Some(random, columns));
            foreach (int count in Counts)
            {
                using GuardedMemory<float> x = new(count * part.KeptColumns, atEnd), matrix = new(rows * columns, atEnd), bias = new(rows, atEnd), actual = new(count * part.KeptRows, atEnd);
                Fill(x.Span, random);
                Fill(matrix.Span, random);
                Fill(bias.Span, random);
                fixed (float* values = x.Span, weights = matrix.Span, added = bias.Span, to = actual.Span)
                {
                    part.MultiplyTransposed(values, count, weights, 2, added, 0, to);
                }

                Assert.Equal(Expected(part, x.Span, count, matrix.Span, 2, bias.Span, 0), actual.Span.ToArray());
            }
        }
    }

    [Fact]
    public void MultiplyTransposed_WhatItCannotDo_IsRefused()
    {
        Assert.Contains("received runs of 9", Assert.Throws<InvalidOperationException>(() => new Submatrix(2, 2, 9, null, null).MultiplyTransposed(null, 0, null, 1, null, 0, null)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Submatrix(2, 2, 1, null, null).MultiplyTransposed(null, -1, null, 1, null, 0, null));
    }

    private static void AssertMultiplies(Submatrix part, int count, Summands kind, Random random, VectorWidth width)
    {
        float[] x = new float[count * part.KeptColumns], matrix = new float[part.Rows * part.Columns], summands = new float[kind switch { Summands.None => 0, Summands.OfOutputs => part.Rows, _ => count * part.Rows }], actual = new float[count * part.KeptRows];
        Array.Fill(matrix, float.NaN); // weights of units that are dropped are never looked at
        foreach (int row in part.KeptRowIndices ?? [.. Enumerable.Range(0, part.Rows)])
        {
            foreach (int column in part.KeptColumnIndices ?? [.. Enumerable.Range(0, part.Columns)])
            {
                matrix[(row * part.Columns) + column] = random.NextSingle() - 0.5f;
            }
        }

        Fill(x, random);
        Fill(summands, random);
        long stride = kind == Summands.OfRows ? part.Rows : 0;
        Array.Fill(actual, float.NaN);
        fixed (float* values = x, weights = matrix, added = summands, to = actual)
        {
            part.MultiplyTransposed(values, count, weights, 1.7f, added, stride, to, width);
        }

        Assert.Equal(Expected(part, x, count, matrix, 1.7f, summands, stride), actual);
    }

    private static float[] Expected(Submatrix part, ReadOnlySpan<float> x, int count, ReadOnlySpan<float> matrix, float factor, ReadOnlySpan<float> summands, long stride)
    {
        int[] rows = [.. part.KeptRowIndices ?? [.. Enumerable.Range(0, part.Rows)]], columns = [.. part.KeptColumnIndices ?? [.. Enumerable.Range(0, part.Columns)]];
        float[] expected = new float[count * rows.Length];
        for (int row = 0; row < count; row++)
        {
            for (int output = 0; output < rows.Length; output++)
            {
                float sum = 0;
                for (int input = 0; input < columns.Length; input++)
                {
                    sum = MathF.FusedMultiplyAdd(matrix[(rows[output] * part.Columns) + columns[input]], x[(row * columns.Length) + input], sum);
                }

                expected[(row * rows.Length) + output] = (sum * factor) + (summands.IsEmpty ? 0 : summands[(int)((row * stride) + rows[output])]);
            }
        }

        return expected;
    }

    private static void Fill(Span<float> values, Random random)
    {
        foreach (ref float value in values)
        {
            value = random.NextSingle() - 0.5f;
        }
    }

    private static IEnumerable<(int[]? Rows, int[]? Columns)> Parts(Random random, int rows, int columns) =>
        [(null, null), (Some(random, rows), null), (null, Some(random, columns)), (Some(random, rows), Some(random, columns)), ([], null), (null, [])];

    private static int[] Some(Random random, int count) => [.. Enumerable.Range(0, count).Where(_ => random.Next(2) == 0)];
}
