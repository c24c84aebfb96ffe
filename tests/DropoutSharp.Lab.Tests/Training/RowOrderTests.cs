using CsCheck;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Tests.Training;

public sealed class RowOrderTests
{
    [Fact]
    public void Shuffle_AnyLength_VisitsEveryRowOnce() =>
        Gen.Select(Gen.ULong, Gen.Int[1, 100], Gen.Int[0, 300]).Sample((key, epoch, count) =>
        {
            long[] order = new long[count];
            RowOrder.Shuffle(key, epoch, order);
            Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), order.Order());
        }, iter: 200);

    [Fact]
    public void Shuffle_AnotherEpochOrKey_IsAnotherOrder()
    {
        Assert.Equal(Order(1, 1), Order(1, 1));
        Assert.NotEqual(Order(1, 1), Order(1, 2));
        Assert.NotEqual(Order(1, 1), Order(2, 1));
    }

    [Fact]
    public void Shuffle_ManyTimes_PutsEveryRowFirstEquallyOften()
    {
        const int rows = 5, times = 10_000;
        int[] first = new int[rows];
        for (int epoch = 0; epoch < times; epoch++)
        {
            long[] order = new long[rows];
            RowOrder.Shuffle(3, epoch, order);
            first[order[0]]++;
        }

        // Binomial(10,000, 1/5) has standard deviation 40: five of them.
        Assert.All(first, count => Assert.InRange(count, 2000 - 200, 2000 + 200));
    }

    private static long[] Order(ulong key, int epoch)
    {
        long[] order = new long[50];
        RowOrder.Shuffle(key, epoch, order);
        return order;
    }
}
