using DropoutSharp.Benchmarks;

namespace DropoutSharp.Cli.Tests.Benchmarks;

public sealed class JitWarmUpTests
{
    [Fact]
    public void Run_WithTime_CallsEachOftenEnoughToBeCompiledAnew()
    {
        int[] calls = [0, 0];

        JitWarmUp.Run(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken, [() => calls[0]++, () => calls[1]++]);

        Assert.All(calls, static count => Assert.True(count >= JitWarmUp.LeastCalls && count % JitWarmUp.LeastCalls == 0, $"{count} calls"));
        Assert.Equal(calls[0], calls[1]);
    }

    [Fact]
    public void Run_WithoutTime_CallsEachOnce()
    {
        int[] calls = [0, 0];

        JitWarmUp.Run(TimeSpan.Zero, TestContext.Current.CancellationToken, [() => calls[0]++, () => calls[1]++]);

        Assert.Equal([1, 1], calls);
    }

    [Fact]
    public void Run_Cancelled_EndsBetweenTwoCalls()
    {
        using var source = new CancellationTokenSource();
        int calls = 0;

        Assert.Throws<OperationCanceledException>(() => JitWarmUp.Run(
            TimeSpan.FromMinutes(1),
            source.Token,
            [
                () =>
                {
                    if (++calls == 2)
                    {
                        source.Cancel();
                    }
                },
            ]));

        Assert.Equal(2, calls);
    }
}
