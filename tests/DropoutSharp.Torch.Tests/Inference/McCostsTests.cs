using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Inference;

/// <summary>How Monte-Carlo passes are chosen: by whole plans with the standard costs, and term by term with costs of round numbers.</summary>
public sealed class McCostsTests : IDisposable
{
    // A weight's way through memory costs as much as 100 rows of its products; nothing else costs anything.
    private static readonly McCosts Round = new(new ThinningCosts(ProductNs: 1, WeightNs: 100, TakeNs: 0, PutNs: 0, AddNs: 0, StepNs: 0, LayerNs: 0), RetakeNs: 0, UncopiedNs: 0, ElementNs: 0, CallNs: 0, ThinnedCallNs: 0);

    // Half of the units of one layer of 1,000 weights are kept.
    private static readonly PassProbe Half = new()
    {
        Products = 500,
        FullProducts = 1000,
        Weights = 500,
        FullWeights = 1000,
        Elements = 5,
        FullElements = 10,
        CopiedWeights = 500,
        UncopiedWeights = 0,
        IsThin = true,
        Steps = 1,
        OnceBytes = 0,
        OutputBytes = 0,
        LargestFullBytes = 4,
    };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(256, 1, McExecution.Stacked)]
    [InlineData(256, 8, McExecution.Stacked)]
    [InlineData(256, 32, McExecution.Stacked)]
    [InlineData(256, 512, McExecution.Thinned)]
    [InlineData(1024, 1, McExecution.Stacked)]
    [InlineData(1024, 32, McExecution.Thinned)]
    [InlineData(1024, 128, McExecution.Thinned)]
    [InlineData(1024, 512, McExecution.Thinned)]
    public void Plan_DenseNetworkOfHalfItsUnits_IsTheWayThatWasMeasuredAsQuickest(int width, int rows, McExecution quickest) =>
        Assert.Equal(quickest, Dense(width, 0.5).Plan(zeros(rows, 784), new(64, 1, IsSharedByRows: true)).Execution);

    [Fact]
    public void Plan_FewRowsOfWideLayers_IsThinnedWhereWeightsNeedNoCopy() =>
        Assert.Equal(Submatrix.MostUncopiedRows > 0 ? McExecution.Thinned : McExecution.Stacked, Dense(1024, 0.5).Plan(zeros(8, 784), new(64, 1, IsSharedByRows: true)).Execution);

    [Fact]
    public void Plan_ManyRowsWithMasksOfTheirOwn_IsSplitOnePassAfterTheOther()
    {
        McPlan plan = Dense(256, 0.5).Plan(zeros(1, 784).expand(1 << 16, 784), new(64, 1, BatchSize: 1 << 16)); // 64 MiB a hidden layer

        Assert.Equal((McExecution.Split, 1, 1), (plan.Execution, plan.PassesAtOnce, plan.Workers));
    }

    [Fact]
    public void Plan_RowsEnoughForProductsWithMasksOfTheirOwn_IsSplitSideBySide()
    {
        Assert.SkipWhen(get_num_threads() == 1, "Passes run side by side on several threads only.");
        McPlan plan = Dense(256, 0.5).Plan(zeros(2000, 784), new(64, 1));

        Assert.Equal((McExecution.Split, 1, get_num_threads()), (plan.Execution, plan.PassesAtOnce, plan.Workers));
    }

    [Theory]
    [InlineData(1, 1250)]
    [InlineData(500, 3)]
    [InlineData(1249, 2)]
    [InlineData(1250, 1)]
    public void PassesAtOnce_FixedPartOfAHundredRows_FallsBelowTheGainThatIsLookedFor(int rows, int expected)
    {
        Assert.Equal(0.08, ThinningCosts.LeastGain);
        Assert.Equal(expected, Round.PassesAtOnce(Half, rows, 2000));
    }

    [Fact]
    public void PassesAtOnce_FewPassesOrLargeValues_StaysWithinThem()
    {
        Assert.Equal(7, Round.PassesAtOnce(Half, 1, 7));
        Assert.Equal(2, Round.PassesAtOnce(Half with { LargestFullBytes = 1 << 20 }, 16, 2000)); // 32 MiB
        Assert.Equal(1, Round.PassesAtOnce(Half with { LargestFullBytes = 1 << 20 }, 64, 2000));
    }

    [Fact]
    public void PassesAtOnce_NothingThatGrowsWithRows_IsWhatFits() => Assert.Equal(2000, Round.PassesAtOnce(Half with { FullProducts = 0 }, 1, 2000));

    [Fact]
    public void ThinningPays_GatheringAndCalls_AreWeighedAgainstProducts()
    {
        // 100 rows: all units take 100,000 and 100,000 for weights, which a stack shares; the kept ones take 50,000 and 50,000.
        Assert.True(Round.ThinningPays(Half, 100, stack: 1, workers: 1));
        Assert.False(Round.ThinningPays(Half, 99, stack: 1_000_000, workers: 1));
        AssertTurnsAt(100_000, nanoseconds => Round with { RetakeNs = nanoseconds / 500 });
        AssertTurnsAt(100_000, nanoseconds => Round with { ThinnedCallNs = nanoseconds });

        void AssertTurnsAt(double gain, Func<double, McCosts> costs)
        {
            Assert.True(costs(gain - 1).ThinningPays(Half, 100, 1, 1));
            Assert.False(costs(gain + 1).ThinningPays(Half, 100, 1, 1));
        }
    }

    [Fact]
    public void ThinningPays_WeightsThatNeedNoCopy_CostTheirOwnWayUpToTheRowsOfTheKernel()
    {
        int most = Math.Max(1, Submatrix.MostUncopiedRows);
        bool needNoCopy = Submatrix.MostUncopiedRows > 0;
        PassProbe uncopied = Half with { UncopiedWeights = 500 };

        // All units take 1,000 a row and 100,000 for weights, the kept ones 500 a row, and 500 weights of which none is copied.
        McCosts undecided = Round with { UncopiedNs = 2 * (most + 200), RetakeNs = 1e6 };
        Assert.Equal(needNoCopy, (undecided with { UncopiedNs = most + 199 }).ThinningPays(uncopied, most, 1, 1));
        Assert.False((undecided with { UncopiedNs = most + 201 }).ThinningPays(uncopied, most, 1, 1));
        Assert.False((undecided with { UncopiedNs = 0 }).ThinningPays(uncopied, most + 1, 1, 1)); // these are copied

        // One row takes as long as sixteen: 101,000 with all units, 8,000 and the weights' way with the kept ones.
        Assert.Equal(needNoCopy, (undecided with { UncopiedNs = 185 }).ThinningPays(uncopied, 1, 1, 1));
        Assert.False((undecided with { UncopiedNs = 187 }).ThinningPays(uncopied, 1, 1, 1));
    }

    [Fact]
    public void ThinningPays_CallsOfPassesSideBySide_Overlap()
    {
        McCosts slow = Round with { ThinnedCallNs = 150_000 };

        Assert.False(slow.ThinningPays(Half, 100, 1, workers: 1));
        Assert.True(slow.ThinningPays(Half, 100, 1, workers: 2));
    }

    [Fact]
    public void ThinningPays_DearValuesAndCallsOfAllUnits_SpeakForIt()
    {
        McCosts undecided = Round with { ThinnedCallNs = 100_000 };

        Assert.False(undecided.ThinningPays(Half, 100, 1, 1));
        Assert.True((undecided with { ElementNs = 0.01 }).ThinningPays(Half, 100, 1, 1));
        Assert.True((undecided with { CallNs = 1 }).ThinningPays(Half, 100, 1, 1));
    }

    [Fact]
    public void ThinningPays_NothingDropped_IsNever()
    {
        PassProbe all = Half with { Products = 1000, Weights = 1000, Elements = 10, CopiedWeights = 1000 };

        Assert.All((int[])[1, 100, 100_000], rows => Assert.False(McCosts.Default.ThinningPays(all, rows, 1, 2)));
    }

    [Fact]
    public void ThinningPays_MoreRows_StaysTrue()
    {
        foreach (int width in (int[])[64, 256, 1024])
        {
            foreach (double rate in (double[])[0.2, 0.5, 0.8])
            {
                McDropout dropout = Dense(width, rate);
                bool[] chosen = [.. Enumerable.Range(0, 12).Select(power => dropout.Plan(zeros(1 << power, 784), new(64, 1, IsSharedByRows: true)).Execution == McExecution.Thinned)];
                Assert.Equal(chosen.Order(), chosen);
                Assert.True(chosen[^1]);
            }
        }
    }

    [Fact]
    public void StackingPays_SharedWeightsAndCalls_AreWeighedAgainstPassesSideBySide()
    {
        // 100 rows take 100,000, and weights 100,000, of which a stack of two takes half: 150,000 instead of 200,000.
        Assert.True(Round.StackingPays(Half, 100, stack: 2, workers: 1));
        Assert.False(Round.StackingPays(Half, 100, stack: 1, workers: 1));

        // 50,000 are 8 % of 625,000, which 525 rows and the weights take: beyond there is less to gain than is looked for.
        Assert.True(Round.StackingPays(Half, 524, stack: 2, workers: 1));
        Assert.False(Round.StackingPays(Half, 526, stack: 2, workers: 1));

        // Calls of 100,000 beside no weights: two passes side by side share them as a stack of two does.
        McCosts calls = Round with { Layers = Round.Layers with { WeightNs = 0 }, CallNs = 100_000 };
        Assert.True(calls.StackingPays(Half, 100, stack: 2, workers: 1));
        Assert.False(calls.StackingPays(Half, 100, stack: 2, workers: 2));
    }

    [Fact]
    public void SideBySide_ManyRows_AreAsManyAsFitAndDivideThePasses()
    {
        PassProbe probe = Half with { LargestFullBytes = 1 << 13 };
        foreach (McExecution execution in (McExecution[])[McExecution.Split, McExecution.Thinned])
        {
            Assert.Equal(2, Round.SideBySide(probe, execution, 2048, passes: 100, threads: 2)); // two values of 16 MiB
            Assert.Equal(1, Round.SideBySide(probe, execution, 2049, passes: 100, threads: 2));
            Assert.Equal(8, Round.SideBySide(Half, execution, 2048, passes: 9, threads: 8)); // one alone, and a round of 8
            Assert.Equal(1, Round.SideBySide(Half, execution, 2048, passes: 10, threads: 8)); // the last would keep 7 threads waiting
            Assert.Equal(8, Round.SideBySide(Half, execution, 2048, passes: 90, threads: 8)); // 12 rounds of 8 for 89: 8 % more
            Assert.Equal(1, Round.SideBySide(Half, execution, 2048, passes: 82, threads: 8)); // 11 rounds for 81: 8.6 % more
            Assert.Equal(1, Round.SideBySide(Half, execution, 2048, passes: 1, threads: 8));
        }
    }

    [Fact]
    public void SideBySide_FewRows_AlwaysUnlessStacked()
    {
        // 1,000 products a row and 1,000 weights of 100 each, or half of both: a hundred rows' time, at 0.08.
        PassProbe large = Half with { LargestFullBytes = 1 << 30 };
        Assert.Equal(8, Round.SideBySide(large, McExecution.Thinned, 1249, passes: 9, threads: 8));
        Assert.Equal(1, Round.SideBySide(large, McExecution.Thinned, 1250, passes: 9, threads: 8));
        Assert.Equal(8, (Round with { RetakeNs = 100 }).SideBySide(large, McExecution.Thinned, 2499, passes: 9, threads: 8));
        Assert.Equal(8, Round.SideBySide(large, McExecution.Split, 1249, passes: 9, threads: 8));
        Assert.Equal(1, Round.SideBySide(large, McExecution.Stacked, 1, passes: 9, threads: 8));
    }

    private static McDropout Dense(int width, double rate) => new(nn.Sequential(
        nn.Linear(784, width), nn.ReLU(), new Dropout(rate, seed: 1, site: 0), nn.Linear(width, width), nn.ReLU(), new Dropout(rate, seed: 1, site: 1), nn.Linear(width, 10)));
}
