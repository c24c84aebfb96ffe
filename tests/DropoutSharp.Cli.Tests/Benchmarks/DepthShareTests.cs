using DropoutSharp.Benchmarks;

namespace DropoutSharp.Cli.Tests.Benchmarks;

public sealed class DepthShareTests
{
    [Fact]
    public void Of_TimesThatShrinkAsPromised_IsThePromise()
    {
        // 10 ms outside of the blocks and 100 ms in them, of which 75 and 25 are left.
        DepthShare share = DepthShare.Of([[85, 85], [35, 35]], [[110, 110]], [[10, 10]]);

        Assert.Equal(new DepthShare(60, 0.5, 0.5, 0.5), share);
    }

    [Fact]
    public void Of_OneTurnThatWasDisturbed_MovesTheIntervalAlone()
    {
        double[][] plain = [[100, 100, 100, 100, 100, 100, 100]], outside = [[0, 0, 0, 0, 0, 0, 0]];
        DepthShare share = DepthShare.Of([[70, 71, 72, 73, 74, 75, 900]], plain, outside);

        Assert.Equal(0.73, share.Share, 1e-12);
        Assert.Equal(73, share.Ms, 1e-12);
        Assert.Equal((0.70, 9.00), (share.Low, share.High));
    }

    [Fact]
    public void Of_MachineThatSlowsDown_ComparesTurnByTurn()
    {
        // Each turn takes twice as long as the one before, for all contenders.
        DepthShare share = DepthShare.Of([[35, 70, 140]], [[60, 120, 240]], [[10, 20, 40]]);

        Assert.Equal(0.5, share.Share, 1e-12);
        Assert.Equal((0.5, 0.5), (share.Low, share.High));
    }

    [Fact]
    public void Of_SpeedThatChangesBetweenTurns_IsTheMedianOfTheTurnsShares()
    {
        // A turn of half the time, a disturbed one, and a slow turn of which the way saw little: the quotient of the medians over the turns would be 0.07.
        DepthShare share = DepthShare.Of([[500, 60, 70]], [[1000, 100, 1000]], [[0, 0, 0]]);

        Assert.Equal((70, 0.5), (share.Ms, share.Share));
    }

    [Fact]
    public void Of_EvenNumberOfTurns_TakesTheMiddleOfTheMiddleTwo() =>
        Assert.Equal(25, DepthShare.Of([[10, 40, 20, 30]], [[50, 50, 50, 50]], [[0, 0, 0, 0]]).Ms);

    [Fact]
    public void Of_ManyTurns_LeavesOutTheEnds()
    {
        double[] times = [.. Enumerable.Range(0, 100).Select(static i => (double)i)];
        DepthShare share = DepthShare.Of([times], [[.. Enumerable.Repeat(100.0, 100)]], [new double[100]]);

        // Fewer than 40 or more than 60 heads in 100 tosses have a probability of 3.5 %.
        Assert.Equal((0.39, 0.60), (share.Low, share.High));
    }

    [Fact]
    public void Of_TurnsThatDiffer_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => DepthShare.Of([], [[1]], [[1]]));
        Assert.Throws<ArgumentException>(() => DepthShare.Of([[1, 2]], [[1]], [[1, 2]]));
        Assert.Throws<ArgumentException>(() => DepthShare.Of([[1]], [[1]], []));
    }
}
