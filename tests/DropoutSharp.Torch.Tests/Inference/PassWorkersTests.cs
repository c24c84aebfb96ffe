using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Inference;

/// <summary>Passes side by side, on libtorch's own threads and on others.</summary>
public sealed class PassWorkersTests : TensorTests
{
    public static TheoryData<bool> OnLibtorchsThreads { get; } = [false, true];

    [Theory]
    [MemberData(nameof(OnLibtorchsThreads))]
    public void Run_Pieces_AreEachDoneOnceWithoutGradients(bool onLibtorchs)
    {
        int[] done = new int[100];
        PassWorkers.Run(Team(onLibtorchs), 2, done.Length, index =>
        {
            Assert.False(is_grad_enabled());
            Interlocked.Increment(ref done[index]);
        });

        Assert.All(done, static times => Assert.Equal(1, times));
        Assert.True(is_grad_enabled());
    }

    [Theory]
    [MemberData(nameof(OnLibtorchsThreads))]
    public void Run_PieceThatThrows_GivesItsExceptionAndNoMorePieces(bool onLibtorchs)
    {
        int begun = 0;
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => PassWorkers.Run(Team(onLibtorchs), 2, 10_000, index =>
        {
            Interlocked.Increment(ref begun);
            throw new ArgumentException($"piece {index}");
        }));

        Assert.StartsWith("piece", thrown.Message, StringComparison.Ordinal);
        Assert.InRange(begun, 1, 2); // one a thread
    }

    [Theory]
    [MemberData(nameof(OnLibtorchsThreads))]
    public void Run_Afterwards_ThreadsAreAsTheyWere(bool onLibtorchs)
    {
        KernelThreads.Follow();
        (int threads, int kernels) = (get_num_threads(), DropoutPrimitives.MaxDegreeOfParallelism);
        PassWorkers.Run(Team(onLibtorchs), 2, 4, static _ =>
        {
            KernelThreads.Follow();
            Assert.Equal(1, DropoutPrimitives.MaxDegreeOfParallelism);
        });

        Assert.False(PassWorkers.KeepsToThread);
        Assert.Equal((threads, kernels), (get_num_threads(), DropoutPrimitives.MaxDegreeOfParallelism));
    }

    [Theory]
    [MemberData(nameof(OnLibtorchsThreads))]
    public void Run_WithinAPiece_DoesItsPiecesToo(bool onLibtorchs)
    {
        int done = 0;
        bool isAlone = true;
        PassWorkers.Run(Team(onLibtorchs), 2, 4, _ =>
        {
            PassWorkers.Run(Team(onLibtorchs), 2, 5, _ => Interlocked.Increment(ref done));
            isAlone &= onLibtorchs || get_num_threads() == 1; // as before the piece's own pieces
        });

        Assert.Equal(20, done);
        Assert.True(isAlone);
    }

    [Fact]
    public void Run_FewerWorkersThanThreads_TakesNoMore()
    {
        OpenMPTeam? team = Team(true);
        var threads = new System.Collections.Concurrent.ConcurrentDictionary<int, bool>();
        PassWorkers.Run(team, 1, 50, _ => threads[Environment.CurrentManagedThreadId] = true);

        Assert.Equal([Environment.CurrentManagedThreadId], threads.Keys);
    }

    [Theory]
    [MemberData(nameof(OnLibtorchsThreads))]
    public void Run_SeveralCallersAtOnce_EachGetTheirPieces(bool onLibtorchs)
    {
        OpenMPTeam? team = Team(onLibtorchs);
        int before = get_num_threads();
        for (int turn = 0; turn < 20; turn++)
        {
            int[] done = new int[3];
            Thread[] callers = [.. Enumerable.Range(0, done.Length).Select(caller => new Thread(() => PassWorkers.Run(team, 2, 200, _ => Interlocked.Increment(ref done[caller]))))];
            Array.ForEach(callers, static caller => caller.Start());
            Array.ForEach(callers, static caller => caller.Join());
            int after = 0;
            Thread fresh = new(() => after = get_num_threads());
            fresh.Start();
            fresh.Join();

            Assert.All(done, static times => Assert.Equal(200, times));
            Assert.Equal(before, after); // whoever came while others worked must not leave libtorch with their one thread
        }
    }

    private static OpenMPTeam? Team(bool isLibtorchs)
    {
        if (!isLibtorchs)
        {
            return null;
        }

        OpenMPTeam? team = OpenMPTeam.Find();
        Assert.SkipWhen(team is null, "libtorch is linked with GCC's OpenMP library on Linux only.");
        return team;
    }
}
