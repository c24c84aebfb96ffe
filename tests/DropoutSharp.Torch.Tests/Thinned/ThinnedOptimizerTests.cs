using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests;

/// <summary>Optimisers that step kept parts, beside TorchSharp's own on the same network run the ordinary way.</summary>
public sealed class ThinnedOptimizerTests : ThinnedTests
{
    // A large epsilon: where a gradient is zero but for rounding, such as a bias's before batch normalisation, Adam would make a whole step of it.
    private const double Epsilon = 1e-3;

    private static readonly (Func<IEnumerable<Parameter>, optim.Optimizer> Ordinary, Func<IEnumerable<Parameter>, optim.Optimizer> Thinned)[] Pairs =
    [
        (static p => optim.SGD(p, 0.05), static p => new ThinnedSgd(p, 0.05)),
        (static p => optim.SGD(p, 0.05, weight_decay: 0.1), static p => new ThinnedSgd(p, 0.05, weightDecay: 0.1)),
        (static p => optim.SGD(p, 0.05, momentum: 0.9, dampening: 0.2, weight_decay: 0.01), static p => new ThinnedSgd(p, 0.05, 0.9, 0.2, 0.01)),
        (static p => optim.SGD(p, 0.05, momentum: 0.9, nesterov: true), static p => new ThinnedSgd(p, 0.05, 0.9, nesterov: true)),
        (static p => optim.SGD(p, 0.05, momentum: 0.9, maximize: true), static p => new ThinnedSgd(p, 0.05, 0.9, maximize: true)),
        (static p => optim.Adam(p, 1e-2, 0.8, 0.95, Epsilon), static p => new ThinnedAdam(p, 1e-2, 0.8, 0.95, Epsilon)),
        (static p => optim.Adam(p, 1e-2, 0.8, 0.95, Epsilon, weight_decay: 0.1), static p => new ThinnedAdam(p, 1e-2, 0.8, 0.95, Epsilon, 0.1)),
        (static p => optim.Adam(p, 1e-2, 0.8, 0.95, Epsilon, amsgrad: true), static p => new ThinnedAdam(p, 1e-2, 0.8, 0.95, Epsilon, amsgrad: true)),
        (static p => optim.AdamW(p, 1e-2, 0.8, 0.95, Epsilon, 0.1), static p => new ThinnedAdamW(p, 1e-2, 0.8, 0.95, Epsilon, 0.1)),
        (static p => optim.AdamW(p, 1e-2, 0.8, 0.95, Epsilon, 0.1, amsgrad: true), static p => new ThinnedAdamW(p, 1e-2, 0.8, 0.95, Epsilon, 0.1, amsgrad: true)),
    ];

    public static TheoryData<int> AllPairs => [.. Enumerable.Range(0, Pairs.Length)];

    [Theory]
    [MemberData(nameof(AllPairs))]
    public void Step_Chain_StepsAsOrdinaryOptimizer(int pair) =>
        AssertSameTraining(() => Chain(40, 3, () => nn.ReLU(), 0.5, 1), [8, 40], Pairs[pair].Ordinary, leastThinned: 3, thinnedOptimizer: Pairs[pair].Thinned);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Step_GroupsOfRows_StepsAsOrdinaryOptimizer(int groups) => Assert.All(
        Pairs, pair => AssertSameTraining(() => Chain(12, 3, () => nn.GELU(), 0.5, groups), [8, 12], pair.Ordinary, leastThinned: 3, thinnedOptimizer: pair.Thinned));

    [Fact]
    public void Step_RandomDenseNetworks_StepsAsOrdinaryOptimizer() => AssertForSeeds(
        4 * Pairs.Length, seed => AssertSameTraining(() => RandomDense(seed), [7, 6], Pairs[seed % Pairs.Length].Ordinary, thinnedOptimizer: Pairs[seed % Pairs.Length].Thinned));

    [Fact]
    public void Step_RandomConvolutionalNetworks_StepsAsOrdinaryOptimizer() => AssertForSeeds(
        3 * Pairs.Length, seed => AssertSameTraining(() => RandomConvolutional(seed), [5, 3, 8, 8], Pairs[seed % Pairs.Length].Ordinary, thinnedOptimizer: Pairs[seed % Pairs.Length].Thinned));

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.BFloat16, 0.1)]
    public void Step_OtherElementTypes_StepsAsOrdinaryOptimizer(ScalarType type, double tolerance) => Assert.All(
        (int[])[0, 2, 8], pair => AssertSameTraining(
            () => Chain(12, 2, () => nn.ReLU(), 0.5, 2), [8, 12], Pairs[pair].Ordinary, 3, type, tolerance, steps: 1, thinnedOptimizer: Pairs[pair].Thinned));

    [Fact]
    public void Step_OtherDevicesWay_StepsAsOrdinaryOptimizer()
    {
        TensorMemory.t_treatAsOtherDevice = true;
        try
        {
            AssertSameTraining(() => Chain(12, 2, () => nn.ReLU(), 0.5, 2), [8, 12], Pairs[2].Ordinary, 3, thinnedOptimizer: Pairs[2].Thinned);
        }
        finally
        {
            TensorMemory.t_treatAsOtherDevice = false;
        }
    }

    [Fact]
    public void Step_NetworkThatIsNotThinned_StepsAsOrdinaryOptimizer() => Assert.All(Pairs, pair =>
    {
        (nn.Module<Tensor, Tensor> left, nn.Module<Tensor, Tensor> right) = Twins();
        using optim.Optimizer ordinary = pair.Ordinary(left.parameters()), thinned = pair.Thinned(right.parameters());
        for (int step = 0; step < 3; step++)
        {
            Tensor input = randn(8, 12, ScalarType.Float64);
            Train(left, ordinary, input);
            Train(right, thinned, input);
        }

        AssertSameWeights(left, right);
    });

    [Fact]
    public void Step_SeveralBackwardPasses_AddsTheirGradients() => Assert.All(Pairs, pair =>
    {
        (nn.Module<Tensor, Tensor> left, nn.Module<Tensor, Tensor> right) = Twins();
        using ThinnedNetwork network = new(right, ThinningChoice.Always);
        using optim.Optimizer ordinary = pair.Ordinary(left.parameters()), thinned = pair.Thinned(right.parameters());
        ordinary.zero_grad();
        thinned.zero_grad();
        for (int pass = 0; pass < 3; pass++)
        {
            Tensor input = randn(8, 12, ScalarType.Float64);
            left.call(input).square().sum().backward();
            network.call(input).square().sum().backward();
        }

        ordinary.step();
        thinned.step();
        AssertSameWeights(left, right);
    });

    [Fact]
    public void WriteGradients_AfterBackward_AreWholeOnesThatAStepUsesOnce()
    {
        (nn.Module<Tensor, Tensor> left, nn.Module<Tensor, Tensor> right) = Twins();
        using ThinnedNetwork network = new(right, ThinningChoice.Always);
        using optim.Optimizer ordinary = optim.SGD(left.parameters(), 0.05);
        using ThinnedSgd thinned = new(right.parameters(), 0.05);
        Tensor input = randn(8, 12, ScalarType.Float64);
        left.call(input).square().sum().backward();
        network.call(input).square().sum().backward();
        Assert.All(right.parameters().Where(static parameter => parameter.dim() == 2), static parameter => Assert.Null(parameter.grad));
        thinned.WriteGradients();
        foreach ((Parameter expected, Parameter actual) in left.parameters().Zip(right.parameters()))
        {
            AssertClose(expected.grad!, actual.grad!, 1e-12);
        }

        nn.utils.clip_grad_norm_(left.parameters(), 0.1);
        nn.utils.clip_grad_norm_(right.parameters(), 0.1);
        ordinary.step();
        thinned.step();
        AssertSameWeights(left, right);
    }

    [Fact]
    public void Dispose_Optimizer_GivesWholeGradientsBack()
    {
        (_, nn.Module<Tensor, Tensor> model) = Twins();
        using ThinnedNetwork network = new(model, ThinningChoice.Always);
        new ThinnedAdam(model.parameters()).Dispose();
        network.call(randn(8, 12, ScalarType.Float64)).sum().backward();

        Assert.All(model.parameters(), static parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void ZeroGrad_AfterBackward_LeavesNothingToStep()
    {
        (nn.Module<Tensor, Tensor> before, nn.Module<Tensor, Tensor> model) = Twins();
        using ThinnedNetwork network = new(model, ThinningChoice.Always);
        using ThinnedSgd optimizer = new(model.parameters(), 0.1);
        network.call(randn(8, 12, ScalarType.Float64)).sum().backward();
        optimizer.zero_grad();
        optimizer.step();

        AssertSameWeights(before, model);
    }

    [Fact]
    public void Step_Closure_ComputesTheLoss()
    {
        (_, nn.Module<Tensor, Tensor> model) = Twins();
        using ThinnedNetwork network = new(model, ThinningChoice.Always);
        using ThinnedAdamW optimizer = new(model.parameters());
        Tensor loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            Tensor value = network.call(ones(8, 12, ScalarType.Float64)).square().sum();
            value.backward();
            return value;
        });

        Assert.True(loss.item<double>() > 0);
        Assert.All(model.parameters(), static parameter => Assert.True(parameter.isfinite().all().item<bool>()));
    }

    [Fact]
    public void Step_GraphFromBefore_IsRefusedByAutograd()
    {
        (_, nn.Module<Tensor, Tensor> model) = Twins();
        using ThinnedNetwork network = new(model, ThinningChoice.Never);
        using ThinnedSgd optimizer = new(model.parameters(), 0.1);
        Tensor loss = network.call(randn(8, 12, ScalarType.Float64)).sum();
        loss.backward(retain_graph: true);
        optimizer.step();

        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => loss.backward());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(0, true)]
    [InlineData(2, true)]
    public void Backward_TensorChangedInPlace_IsRefusedInLibtorchsWords(int groups, bool isWeight)
    {
        // No groups: the ordinary network. One group has a copy of the kept weights, so that a change of these does not matter to it.
        TorchSharp.Modules.Sequential model = Chain(12, 2, () => nn.ReLU(), 0.5, Math.Max(1, groups)).to(ScalarType.Float64);
        using ThinnedNetwork network = new(model, groups == 0 ? ThinningChoice.Never : ThinningChoice.Always);
        using ThinnedSgd optimizer = new(model.parameters(), 0.1);
        Tensor input = randn(8, 12, ScalarType.Float64), loss = network.call(input).square().sum();
        using (no_grad())
        {
            _ = isWeight ? ((Linear)model[3]).weight!.add_(1.0) : input.add_(1.0); // a linear layer has weights
        }

        var refusal = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => loss.backward());
        Assert.Contains("one of the variables needed for gradient computation has been modified by an inplace operation", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LearningRateScheduler_ChangesTheStep()
    {
        (nn.Module<Tensor, Tensor> left, nn.Module<Tensor, Tensor> right) = Twins();
        using ThinnedNetwork network = new(right, ThinningChoice.Always);
        using optim.Optimizer ordinary = optim.AdamW(left.parameters(), 0.1, 0.9, 0.99, Epsilon, 0.1), thinned = new ThinnedAdamW(right.parameters(), 0.1, 0.9, 0.99, Epsilon, 0.1);
        optim.lr_scheduler.LRScheduler first = optim.lr_scheduler.StepLR(ordinary, 1, 0.5), second = optim.lr_scheduler.StepLR(thinned, 1, 0.5);
        for (int step = 0; step < 3; step++, first.step(), second.step())
        {
            Tensor input = randn(8, 12, ScalarType.Float64);
            Train(left, ordinary, input);
            Train(network, thinned, input);
        }

        AssertSameWeights(left, right);
    }

    [Fact]
    public void StateDict_GoesFromOrdinaryOptimizerToThinnedOne()
    {
        (nn.Module<Tensor, Tensor> left, nn.Module<Tensor, Tensor> right) = Twins();
        using ThinnedNetwork network = new(right, ThinningChoice.Always);
        using SGD ordinary = optim.SGD(left.parameters(), 0.05, momentum: 0.9);
        using ThinnedSgd thinned = new(right.parameters(), 0.05, 0.9);
        Tensor input = randn(8, 12, ScalarType.Float64);
        Train(left, ordinary, input);
        Train(network, thinned, input);
        using ThinnedSgd resumed = new(right.parameters(), 0.01, 0.9);
        resumed.load_state_dict(thinned.state_dict());
        Train(left, ordinary, input);
        Train(network, resumed, input);

        AssertSameWeights(left, right);
    }

    private static (nn.Module<Tensor, Tensor> Left, nn.Module<Tensor, Tensor> Right) Twins()
    {
        manual_seed(3);
        nn.Module<Tensor, Tensor> left = Chain(12, 2, () => nn.ReLU(), 0.5, 1).to(ScalarType.Float64);
        manual_seed(3);
        return (left, Chain(12, 2, () => nn.ReLU(), 0.5, 1).to(ScalarType.Float64));
    }

    private static void Train(nn.Module<Tensor, Tensor> model, optim.Optimizer optimizer, Tensor input)
    {
        optimizer.zero_grad();
        model.call(input).square().sum().backward();
        optimizer.step();
    }

    private static void AssertSameWeights(nn.Module expected, nn.Module actual)
    {
        foreach ((Parameter left, Parameter right) in expected.parameters().Zip(actual.parameters()))
        {
            AssertClose(left, right, 1e-9);
        }
    }
}
