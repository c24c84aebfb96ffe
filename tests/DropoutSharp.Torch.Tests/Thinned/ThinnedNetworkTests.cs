using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests;

/// <summary>Thinned execution beside the same network run the ordinary way: same masks bit for bit, same outputs, gradients and optimiser steps to rounding.</summary>
public sealed class ThinnedNetworkTests : ThinnedTests
{
    private static readonly Func<IEnumerable<TorchSharp.Modules.Parameter>, optim.Optimizer>[] Optimizers =
    [
        static parameters => optim.SGD(parameters, 0.05),
        static parameters => optim.SGD(parameters, 0.05, momentum: 0.9, weight_decay: 1e-3),
        static parameters => optim.Adam(parameters, 1e-2),
        static parameters => optim.AdamW(parameters, 1e-2, weight_decay: 0.1),
        static parameters => optim.RMSProp(parameters, 1e-3, momentum: 0.5),
    ];

    // Optimisers that divide by a gradient's size make whole steps of gradients that are zero but for rounding, such as a bias's before batch normalisation: they are tested on a fixed network below.
    [Fact]
    public void Forward_RandomDenseNetworks_EqualsOrdinaryWay() =>
        AssertForSeeds(60, seed => AssertSameTraining(() => RandomDense(seed), [7, 6], Optimizers[seed % 2]));

    [Fact]
    public void Forward_RandomConvolutionalNetworks_EqualsOrdinaryWay() =>
        AssertForSeeds(40, seed => AssertSameTraining(() => RandomConvolutional(seed), [5, 3, 8, 8], Optimizers[seed % 2]));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Forward_EveryOptimizer_StepsAsOrdinaryWay(int optimizer) =>
        AssertSameTraining(() => Chain(12, 3, () => nn.ReLU(), 0.5, 1), [8, 12], Optimizers[optimizer], leastThinned: 3);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(100)]
    public void Forward_GroupsOfRows_EqualsOrdinaryWay(int groups) =>
        AssertSameTraining(() => Chain(12, 3, () => nn.GELU(), 0.5, groups), [8, 12], Optimizers[2], leastThinned: groups is 2 or 3 ? 3 : 0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Forward_BatchStatisticsBeforeGroups_AreThoseOfAllRows(int groups) => AssertSameTraining(
        () => nn.Sequential(
            nn.Linear(6, 10), nn.BatchNorm1d(10, track_running_stats: false), nn.ReLU(), new BatchwiseDropout(0.5, seed: 5, groups: groups), nn.Linear(10, 7)),
        [7, 6],
        Optimizers[1]);

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1.0, 2)]
    public void Forward_RateAtEnd_EqualsOrdinaryWay(double rate, int thinned) =>
        AssertSameTraining(() => Chain(6, 2, () => nn.ReLU(), rate, 1), [4, 6], Optimizers[0], thinned);

    [Fact]
    public void Forward_TwoHiddenLayers_ComputesKeptUnitsOnly()
    {
        nn.Module<Tensor, Tensor> model = Chain(10, 2, () => nn.ReLU(), 0.5, 1);
        using ThinnedNetwork thin = new(model, ThinningChoice.Always);
        thin.forward(randn(4, 10));
        int[] kept = [.. model.named_modules().Select(each => each.module).OfType<BatchwiseDropout>().Select(site => (int)site.CurrentMask!.sum().item<long>())];

        Assert.Equal([(10, kept[0]), (kept[0], kept[1]), (kept[1], 3)], thin.LatestThinned.Select(layer => ((int)layer.UsedInputs, (int)layer.UsedOutputs)));
    }

    [Fact]
    public void Forward_SitesTakeOneStepAPass_AsOrdinaryWay()
    {
        nn.Module<Tensor, Tensor> model = Chain(10, 2, () => nn.ReLU(), 0.5, 1);
        using ThinnedNetwork thin = new(model, ThinningChoice.Always);
        thin.forward(randn(4, 10));
        thin.forward(randn(4, 10));

        Assert.All(DropoutSites.Of(model), site => Assert.Equal(2u, site.Site.Position.Step));
    }

    [Fact]
    public void Forward_NormalisationBehindMask_SeesZerosAsOrdinaryWay()
    {
        AssertSameTraining(() => Normalised(width => nn.LayerNorm(width)), [6, 8], Optimizers[0]);
        AssertSameTraining(() => Normalised(width => nn.BatchNorm1d(width)), [6, 8], Optimizers[0]);
        AssertSameTraining(() => Normalised(width => new RMSNorm(width)), [6, 8], Optimizers[0], leastThinned: 2);

        static nn.Module<Tensor, Tensor> Normalised(Func<long, nn.Module<Tensor, Tensor>> norm) => nn.Sequential(
            nn.Linear(8, 10), nn.ReLU(), new BatchwiseDropout(0.5, seed: 3), norm(10), nn.Linear(10, 3));
    }

    [Fact]
    public void Forward_BatchNormBeforeMask_KeepsRunningStatisticsAsOrdinaryWay() => AssertSameTraining(
        () => nn.Sequential(nn.Linear(8, 10), nn.BatchNorm1d(10), nn.ReLU(), new BatchwiseDropout(0.5, seed: 3), nn.Linear(10, 3)),
        [6, 8], Optimizers[1], leastThinned: 1);

    [Fact]
    public void Forward_BatchNormWithoutStatistics_IsThinned() => AssertSameTraining(
        () => nn.Sequential(nn.Linear(8, 10), nn.BatchNorm1d(10, track_running_stats: false), nn.ReLU(), new BatchwiseDropout(0.5, seed: 3), nn.Linear(10, 3)),
        [6, 8], Optimizers[1], leastThinned: 2);

    [Fact]
    public void Forward_ActivationThatMovesZero_EqualsOrdinaryWay() => AssertSameTraining(
        () => nn.Sequential(nn.Linear(8, 10), new BatchwiseDropout(0.5, seed: 3), nn.Sigmoid(), nn.Linear(10, 3)), [6, 8], Optimizers[0], leastThinned: 1);

    [Fact]
    public void Forward_MaskBehindMask_KeepsWhatBothKeep() => AssertSameTraining(
        () => nn.Sequential(
            nn.Linear(8, 20), new BatchwiseDropout(0.5, seed: 3), nn.Tanh(), new BatchwiseDropout(0.3, seed: 4), nn.Linear(20, 3)),
        [6, 8], Optimizers[0], leastThinned: 2);

    [Fact]
    public void Forward_ModuleWithHook_SeesAllFeatures()
    {
        TorchSharp.Modules.Linear watched = nn.Linear(8, 10);
        long seen = 0;
        watched.register_forward_hook((_, _, output) =>
        {
            seen = output.shape[1];
            return output;
        });
        using ThinnedNetwork thin = new(nn.Sequential(watched, new BatchwiseDropout(0.5, seed: 3), nn.Linear(10, 3)), ThinningChoice.Always);
        thin.forward(randn(4, 8));

        Assert.Equal(10, seen);
        Assert.Equal(["2"], thin.LatestThinned.Select(layer => layer.Path));
    }

    [Fact]
    public void Forward_SequencesOfTokens_EqualsOrdinaryWay() => AssertSameTraining(
        () => nn.Sequential(nn.Linear(6, 12), nn.ReLU(), new BatchwiseDropout(0.5, seed: 3), nn.Linear(12, 6)), [4, 5, 6], Optimizers[2], leastThinned: 2);

    [Fact]
    public void Forward_TransformerBlock_EqualsOrdinaryWay() => AssertSameTraining(
        () => new TransformerBlock(8, 2, 16, new TransformerBlockOptions { HiddenDropout = new BatchwiseDropout(0.5, seed: 3) }), [3, 5, 8], Optimizers[2], leastThinned: 2);

    [Theory]
    [InlineData(StochasticDepthMode.Batch)]
    [InlineData(StochasticDepthMode.Row)]
    [InlineData(StochasticDepthMode.Subset)]
    public void Forward_StochasticDepth_EqualsOrdinaryWay(StochasticDepthMode mode) => AssertSameTraining(
        () => new ResidualMlpBlock(8, 16, new BatchwiseDropout(0.5, seed: 3), new PathOptions(0.4, mode, Seed: 5)), [9, 8], Optimizers[1]);

    [Fact]
    public void Forward_MonteCarloPassesSharedByRows_AreThinnedAndEqual()
    {
        manual_seed(1);
        nn.Module<Tensor, Tensor> model = nn.Sequential(nn.Linear(8, 20), nn.BatchNorm1d(20), nn.ReLU(), new Dropout(0.5, seed: 3), nn.Linear(20, 3)).to(ScalarType.Float64);
        using ThinnedNetwork thin = new(model, ThinningChoice.Always);
        Tensor input = randn(6, 8, ScalarType.Float64);
        McDropoutOptions options = new(4, 9, IsSharedByRows: true, Execution: McExecution.Plain); // the model's own forward, pass by pass
        using Tensor expected = stack(new McDropout(model).Stream(input, options)), actual = stack(new McDropout(thin).Stream(input, options));

        AssertClose(expected, actual, 1e-12);
        Assert.Equal(2, thin.LatestThinned.Count);
    }

    [Fact]
    public void Forward_Evaluation_RunsTheModel()
    {
        nn.Module<Tensor, Tensor> model = Chain(10, 2, () => nn.ReLU(), 0.5, 1);
        using ThinnedNetwork thin = new(model, ThinningChoice.Always);
        thin.eval();
        Tensor input = randn(4, 10);

        AssertEqual(model.forward(input), thin.forward(input));
        Assert.Empty(thin.LatestThinned);
    }

    [Fact]
    public void Forward_GivenMask_EqualsOrdinaryWay()
    {
        BatchwiseDropout site = new(0.5, seed: 3);
        nn.Module<Tensor, Tensor> model = nn.Sequential(nn.Linear(6, 4), site, nn.Linear(4, 2));
        using ThinnedNetwork thin = new(model, ThinningChoice.Always);
        Tensor input = randn(3, 6);
        using (site.Site.Use(tensor(new[] { true, false, true, false }).reshape(1, 4)))
        {
            AssertEqual(model.forward(input), thin.forward(input));
        }
    }

    [Fact]
    public void Forward_DroppedUnitThatIsNaN_LeavesNothing()
    {
        BatchwiseDropout site = new(0.5, seed: 3);
        TorchSharp.Modules.Linear first = nn.Linear(6, 32);
        using (no_grad())
        {
            first.bias!.fill_(double.NaN);
        }

        site.Position = site.Position with { Step = 0 };
        using ThinnedNetwork thin = new(nn.Sequential(first, site, nn.Linear(32, 2)), ThinningChoice.Always);
        using (no_grad())
        {
            thin.forward(randn(3, 6));
            first.bias!.masked_fill_(site.CurrentMask!.reshape(32), 0.5);
        }

        site.Position = site.Position with { Step = 0 };
        Assert.True(thin.forward(randn(3, 6)).isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.BFloat16, 0.1)]
    [InlineData(ScalarType.Float16, 1e-2)]
    public void Forward_OtherElementTypes_EqualsOrdinaryWay(ScalarType type, double tolerance) =>
        AssertSameTraining(() => Chain(12, 2, () => nn.ReLU(), 0.5, 2), [8, 12], Optimizers[0], 3, type, tolerance, steps: 1);

    [Fact]
    public void Forward_OtherDevicesWay_EqualsOrdinaryWay()
    {
        TensorMemory.t_treatAsOtherDevice = true;
        try
        {
            AssertSameTraining(() => Chain(12, 2, () => nn.ReLU(), 0.5, 2), [8, 12], Optimizers[0], 3);
        }
        finally
        {
            TensorMemory.t_treatAsOtherDevice = false;
        }
    }

    [Fact]
    public void Forward_WhereFaster_LeavesSmallNetworksAlone()
    {
        using ThinnedNetwork thin = new(Chain(10, 2, () => nn.ReLU(), 0.5, 1));
        thin.forward(randn(4, 10));

        Assert.Empty(thin.LatestThinned);
    }

    [Fact]
    public void Constructor_UnknownChoice_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThinnedNetwork(nn.Linear(2, 2), (ThinningChoice)9));
}
