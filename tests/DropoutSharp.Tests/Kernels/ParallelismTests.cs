namespace DropoutSharp.Tests.Kernels;

public sealed class ParallelismTests
{
    [Fact]
    public void Default_TeamThatSleeps_WakesASecondThreadLaterThanOneThatSpins()
    {
        IThreadTeam? before = DropoutPrimitives.Team;
        try
        {
            DropoutPrimitives.Team = new Alone(Spins: true);
            long awake = Parallelism.Default.LeastLength;
            DropoutPrimitives.Team = new Alone(Spins: false);
            long asleep = Parallelism.Default.LeastLength;
            DropoutPrimitives.Team = null;
            long pool = Parallelism.Default.LeastLength;

            Assert.True(awake < asleep);
            Assert.Equal(pool, asleep);
        }
        finally
        {
            DropoutPrimitives.Team = before;
        }
    }

    /// <summary>A team of the caller's thread alone, which does everything.</summary>
    private sealed record Alone(bool Spins) : IThreadTeam
    {
        public void Run(int threads, Action<int> body) => body(0);
    }
}
