using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Runtime;

public sealed class OpenMPTeamTests : TensorTests
{
    [Fact]
    public void Find_OnLinux_IsLibtorchsOpenMP()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libtorch is linked with GCC's OpenMP library on Linux only.");
        Assert.NotNull(OpenMPTeam.Find());
    }

    [Fact]
    public void Run_AnyBody_RunsItOnTheCallersThreadAmongOthers()
    {
        OpenMPTeam team = Team();
        var threads = new System.Collections.Concurrent.ConcurrentBag<int>();

        team.Run(2, _ => threads.Add(Environment.CurrentManagedThreadId));

        Assert.Contains(Environment.CurrentManagedThreadId, threads);
        Assert.InRange(threads.Count, 1, Math.Max(2, get_num_threads()));
        Assert.Equal(threads.Count, threads.Distinct().Count());
    }

    [Fact]
    public void Run_BodyThatThrows_ReachesTheCaller()
    {
        OpenMPTeam team = Team();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => team.Run(2, _ => throw new FormatException("no")));
        Assert.IsType<FormatException>(error.InnerException);
        team.Run(2, _ => { });
    }

    [Fact]
    public void Dropout_LargeTensor_IsTheSameOnAnyTeam()
    {
        Tensor input = randn((1 << 18) + 77);
        Tensor withTeam = DropoutFunctional.dropout(input, 0.3, new MaskStream(4));
        IThreadTeam? before = DropoutPrimitives.Team;
        DropoutPrimitives.Team = null;
        try
        {
            Assert.True(withTeam.equal(DropoutFunctional.dropout(input, 0.3, new MaskStream(4))).all().item<bool>());
        }
        finally
        {
            DropoutPrimitives.Team = before;
        }
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("active", null, true)]
    [InlineData("passive", null, false)]
    [InlineData(" PASSIVE ", "", false)]
    [InlineData(null, "0", false)]
    [InlineData("active", "0", false)]
    [InlineData("passive", "1000", true)]
    public void SpinsUnder_Variables_IsWhatGccsLibraryDoes(string? policy, string? count, bool spins) =>
        Assert.Equal(spins, OpenMPTeam.SpinsUnder(policy, count));

    private static OpenMPTeam Team()
    {
        OpenMPTeam? team = OpenMPTeam.Find();
        Assert.SkipWhen(team is null, "libtorch is linked with another OpenMP library here.");
        return team;
    }
}
