using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Inference;

/// <summary>All ways to compute the passes against the plain one.</summary>
public sealed class McExecutionTests : IDisposable
{
    private const int Passes = 5;

    private static readonly McExecution[] Ways = [McExecution.Split, McExecution.Stacked, McExecution.Thinned];

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Models => [.. RandomModels.Named.Keys];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void Stream_AnyWay_GivesThePlainPasses(string name)
    {
        (nn.Module<Tensor, Tensor> model, Tensor rows) = RandomModels.Named[name]();
        Assert.NotEqual(1, Outputs(new McDropout(model), rows, new(8, 3)).Select(pass => string.Join(" ", pass)).Distinct().Count());
        AssertAllWaysAgree(model, rows, seed: 3);
    }

    [Fact]
    public void Stream_RandomArchitectures_AllWaysGiveThePlainPasses()
    {
        for (ulong seed = 0; seed < 25; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (nn.Module<Tensor, Tensor> model, Tensor rows) = RandomModels.Create(seed);
            AssertAllWaysAgree(model, rows, seed);
        }
    }

    [Fact]
    public void Stream_WithoutLibtorchsThreads_GivesWhatOthersGive()
    {
        KernelThreads.Follow();
        IThreadTeam? before = DropoutPrimitives.Team;
        DropoutPrimitives.Team = null;
        try
        {
            for (ulong seed = 0; seed < 3; seed++)
            {
                using DisposeScope scope = NewDisposeScope();
                (nn.Module<Tensor, Tensor> model, Tensor rows) = RandomModels.Create(seed);
                AssertAllWaysAgree(model, rows, seed);
            }
        }
        finally
        {
            DropoutPrimitives.Team = before;
        }
    }

    [Fact]
    public void Stream_SingleMaskOfOnes_HasTheMasksOfThePlainWay()
    {
        // Weights of 1 and inputs of powers of 2 write the mask into the sum: equal sums are equal masks.
        TorchSharp.Modules.Linear sum = nn.Linear(16, 1, hasBias: false);
        using (no_grad())
        {
            sum.weight.fill_(1);
        }

        McDropout dropout = new(nn.Sequential(("drop", new Dropout(0.5, seed: 1)), ("sum", sum)));
        Tensor powers = pow(tensor(2f), arange(16, ScalarType.Float32)).expand(4, 16);
        foreach (bool isShared in (bool[])[false, true])
        {
            float[][] plain = Outputs(dropout, powers, new(8, 5, isShared, Execution: McExecution.Plain));
            Assert.Equal(plain, Outputs(dropout, powers, new(8, 5, isShared, Execution: McExecution.Stacked, PassesAtOnce: 3)));
            Assert.Equal(plain, Outputs(dropout, powers, new(8, 5, isShared, Execution: McExecution.Stacked, PassesAtOnce: 3, Workers: 2)));
            Assert.Equal(plain, Outputs(dropout, powers, new(8, 5, isShared, Execution: McExecution.Split, Workers: 2)));
            if (isShared)
            {
                Assert.Equal(plain, Outputs(dropout, powers, new(8, 5, isShared, Execution: McExecution.Thinned)));
                Assert.Equal(plain, Outputs(dropout, powers, new(8, 5, isShared, Execution: McExecution.Thinned, Workers: 2)));
            }
        }
    }

    [Fact]
    public void Stream_CountedLayers_RunWhatComesBeforeTheFirstDropoutOnce()
    {
        Counted before = new(), after = new();
        McDropout dropout = new(nn.Sequential(("before", before), ("drop", new Dropout(0.5, seed: 1)), ("after", after)));
        McDropoutOptions options = new(10, BatchSize: 2, Execution: McExecution.Split);
        Outputs(dropout, ones(4, 3), options);

        // Two batches of rows; one more for the row that shows how much there is to compute.
        Assert.Equal(3, before.Calls);
        Assert.Equal(21, after.Calls);
        McPlan plan = dropout.Plan(ones(4, 3), options);
        Assert.Equal(["before"], plan.Once);
        Assert.Equal(["drop", "after"], plan.Repeated);
    }

    [Fact]
    public void Stream_BranchBeforeItsDropout_RunsOnce()
    {
        Counted shortcut = new(), branch = new();
        McDropout dropout = new(new Residual(nn.Sequential(("branch", branch), ("drop", new Dropout(0.5, seed: 1))), nn.Sequential(shortcut)));
        Outputs(dropout, ones(4, 3), new(10));

        Assert.Equal((2, 2), (shortcut.Calls, branch.Calls));
    }

    [Fact]
    public void Plan_ForwardOfItsOwn_IsPlainAndSaysSo()
    {
        McDropout dropout = new(new Custom());
        McPlan plan = dropout.Plan(ones(2, 3), new());

        Assert.Equal(McExecution.Plain, plan.Execution);
        Assert.Equal("Custom has a forward of its own, which cannot be looked into; a Sequential, or a module that is an IModuleChain, can", plan.Reason);
        Assert.StartsWith("plain: the whole model once a pass (Custom has", plan.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(
            "Execution must be Plain or Automatic for this model, as Custom has a forward of its own",
            Assert.Throws<ArgumentException>(() => dropout.Stream(ones(2, 3), new(Execution: McExecution.Split))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_DropoutUsedTwice_IsPlainAndSaysSo()
    {
        Dropout twice = new(0.5, seed: 1);
        McPlan plan = new McDropout(nn.Sequential(("a", twice), ("b", nn.Linear(3, 3)), ("c", twice))).Plan(ones(2, 3), new());

        Assert.Equal((McExecution.Plain, "the dropout at \"c\" is used more than once in a pass"), (plan.Execution, plan.Reason));
    }

    [Fact]
    public void Plan_FunctionOfTheCaller_IsPlainAndSaysSo()
    {
        Dropout site = new(0.5, seed: 1);
        McPlan plan = new McDropout(site, site.call).Plan(ones(2, 3), new());

        Assert.Equal((McExecution.Plain, "the model is called by a function of the caller's, which cannot be looked into"), (plan.Execution, plan.Reason));
    }

    [Fact]
    public void Stream_WayThatCannotBe_SaysWhy()
    {
        McDropout own = new(nn.Sequential(new Dropout(0.5, seed: 1), nn.Linear(3, 3)));
        McDropout torchs = new(nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5)));

        Assert.StartsWith(
            "Execution can be Thinned only where masks drop whole units for all rows",
            Assert.Throws<ArgumentException>(() => own.Stream(ones(2, 3), new(Execution: McExecution.Thinned))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Execution cannot be Stacked where TorchSharp's own dropout draws",
            Assert.Throws<ArgumentException>(() => torchs.Stream(ones(2, 3), new(Execution: McExecution.Stacked))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The number of workers must be at least 0; received -1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => own.Stream(ones(2, 3), new(Workers: -1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stream_TorchSharpsDropout_SplitGivesThePlainPasses()
    {
        McDropout dropout = new(nn.Sequential(nn.Linear(3, 20), nn.Dropout(0.5), nn.Linear(20, 2)));
        Tensor rows = rand(7, 3, generator: new Generator(1));

        AssertClose(
            Outputs(dropout, rows, new(4, 2, BatchSize: 3, Execution: McExecution.Plain)), Outputs(dropout, rows, new(4, 2, BatchSize: 3)), "split");
    }

    [Fact]
    public void Stream_StoppedEarly_LeavesTheModelAsItWas()
    {
        nn.Module<Tensor, Tensor> model = nn.Sequential(nn.Linear(3, 8), new Dropout(0.5, seed: 1), nn.Linear(8, 2));
        model.train();
        int threads = get_num_threads();
        foreach (McExecution way in Ways)
        {
            Assert.Single(new McDropout(model).Stream(ones(2, 3), new(9, IsSharedByRows: true, Execution: way, Workers: 2)).Take(1));
            Assert.True(model.training);
            Assert.Equal(threads, get_num_threads());
        }
    }

    private static void AssertAllWaysAgree(nn.Module<Tensor, Tensor> model, Tensor rows, ulong seed)
    {
        McDropout dropout = new(model);
        foreach (bool isShared in (bool[])[true, false])
        {
            foreach (int batch in (int[])[0, 3])
            {
                McDropoutOptions options = new(Passes, seed, isShared, batch, FirstRow: isShared ? 0 : 4);
                float[][] plain = Outputs(dropout, rows, options with { Execution = McExecution.Plain });
                string with = $", seed {seed}, batches of {batch}{(isShared ? ", shared masks" : "")}";
                AssertClose(plain, Outputs(dropout, rows, options), "automatic" + with);
                foreach (int workers in (int[])[1, 2])
                {
                    string by = $" by {workers}{with}";
                    AssertClose(plain, Outputs(dropout, rows, options with { Execution = McExecution.Split, Workers = workers }), "split" + by);
                    AssertClose(plain, Outputs(dropout, rows, options with { Execution = McExecution.Stacked, PassesAtOnce = 2, Workers = workers }), "stacked" + by);
                    if (CanThin(dropout, rows, options))
                    {
                        AssertClose(plain, Outputs(dropout, rows, options with { Execution = McExecution.Thinned, Workers = workers }), "thinned" + by);
                    }
                }
            }
        }
    }

    private static bool CanThin(McDropout dropout, Tensor rows, McDropoutOptions options)
    {
        try
        {
            return dropout.Plan(rows, options with { Execution = McExecution.Thinned }).Execution == McExecution.Thinned;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // Sums are taken in another order: the difference is of the size of float's rounding of the terms.
    private static void AssertClose(float[][] expected, float[][] actual, string way)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int pass = 0; pass < expected.Length; pass++)
        {
            Assert.Equal(expected[pass].Length, actual[pass].Length);
            float size = 1 + expected[pass].Select(MathF.Abs).DefaultIfEmpty(0).Max();
            for (int i = 0; i < expected[pass].Length; i++)
            {
                Assert.True(MathF.Abs(expected[pass][i] - actual[pass][i]) <= 1e-5f * size, $"{way}: pass {pass}, element {i}: {expected[pass][i]} and {actual[pass][i]}.");
            }
        }
    }

    private static float[][] Outputs(McDropout dropout, Tensor x, McDropoutOptions options) =>
        [.. dropout.Stream(x, options).Select(output => output.contiguous().data<float>().ToArray())];

    private sealed class Counted() : nn.Module<Tensor, Tensor>(nameof(Counted))
    {
        public int Calls { get; private set; }

        public override Tensor forward(Tensor input)
        {
            Calls++;
            return input + 1;
        }
    }

    private sealed class Custom : nn.Module<Tensor, Tensor>
    {
        private readonly Dropout _dropout = new(0.5, seed: 1);

        public Custom()
            : base(nameof(Custom)) => register_module("dropout", _dropout);

        public override Tensor forward(Tensor input) => _dropout.call(input);
    }
}
