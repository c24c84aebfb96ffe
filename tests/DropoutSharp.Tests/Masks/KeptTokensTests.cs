namespace DropoutSharp.Tests.Masks;

public sealed class KeptTokensTests
{
    [Theory]
    [InlineData(196, 0.5, 98)]
    [InlineData(197, 0.5, 98)]
    [InlineData(100, 0.9, 10)]
    [InlineData(10, 0.3, 7)]
    [InlineData(10, 0.99, 1)]
    [InlineData(10, 1.0, 1)]
    [InlineData(10, 0.0, 10)]
    [InlineData(1, 0.5, 1)]
    [InlineData(0, 0.5, 0)]
    public void Count_Tokens_IsTheFloorOfTheirShareAndAtLeastOne(int tokens, double dropRate, int expected) =>
        Assert.Equal(expected, KeptTokens.Count(tokens, dropRate));

    [Fact]
    public void Count_EveryPercent_IsExact()
    {
        for (int percent = 0; percent < 100; percent++)
        {
            for (int tokens = 1; tokens < 400; tokens++)
            {
                Assert.Equal(Math.Max(1, tokens * (100 - percent) / 100), KeptTokens.Count(tokens, percent / 100.0));
            }
        }
    }

    [Fact]
    public void Choose_AnyRow_TakesTheSmallestUniformsInAscendingOrder()
    {
        var stream = new MaskStream(7, 3, 2);
        var kept = new long[20];
        KeptTokens.Choose(stream, 1000, 50, kept);

        long[] expected = [.. Enumerable.Range(0, 50).OrderBy(token => stream.Uniform(1000 + token)).Take(20).Order().Select(token => (long)token)];
        Assert.Equal(expected, kept);
    }

    [Fact]
    public void Choose_ManyRows_KeepsEveryTokenEquallyOften()
    {
        const int Rows = 20_000, Tokens = 8, Kept = 3;
        var counts = new int[Tokens];
        var kept = new long[Kept];
        for (int row = 0; row < Rows; row++)
        {
            KeptTokens.Choose(new MaskStream(11), row * Tokens, Tokens, kept);
            foreach (long token in kept)
            {
                counts[token]++;
            }
        }

        // Each count is binomial(Rows, 3/8): five standard deviations.
        double expected = Rows * (double)Kept / Tokens, bound = 5 * Math.Sqrt(expected * (1 - ((double)Kept / Tokens)));
        Assert.All(counts, count => Assert.InRange(count, expected - bound, expected + bound));
    }

    [Fact]
    public void Choose_AsManyAsThereAre_KeepsAll()
    {
        var kept = new long[4];
        KeptTokens.Choose(new MaskStream(1), 0, 4, kept);
        Assert.Equal([0, 1, 2, 3], kept);
    }

    [Fact]
    public void Choose_MoreThanThereAre_IsRefused() =>
        Assert.Throws<ArgumentException>(() => KeptTokens.Choose(new MaskStream(1), 0, 4, new long[5]));
}
