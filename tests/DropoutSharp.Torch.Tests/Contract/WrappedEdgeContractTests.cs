using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>Rates at the ends, evaluation, empty input, and what is refused, of modules that wrap something.</summary>
public sealed class WrappedEdgeContractTests : WrappedContractTests
{
    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Forward_RateZero_IsThePlainLayer(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of, 0);
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        AssertNear(of.Plain(module, input), of.Run(module, input));
        Assert.All(Steps(module), step => Assert.Equal(1u, step));
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Forward_Evaluation_IsThePlainLayerOrTheMeanAndTakesNoStep(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of, 0.4);
        module.eval();
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        Tensor output = of.Run(module, input);
        AssertNear((of.Evaluated ?? of.Plain)(module, input), output);
        Assert.Equal(of.IsAliasInEvaluation, Address(input) == Address(output));
        Assert.All(Steps(module), step => Assert.Equal(0u, step));
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Forward_RateOne_LeavesWhatIsNotDropped(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of, 1);
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        Tensor[] leaves = Leaves(module, input);
        Tensor output = of.Run(module, input);
        if (output.requires_grad)
        {
            output.sum().backward();
        }

        using var _ = no_grad();
        AssertNear(of.AllDropped(module, input), output.detach());
        Assert.Equal(of.IsAliasAtRateOne, Address(input) == Address(output));
        Assert.All(leaves, leaf => Assert.True(leaf.grad is null || leaf.grad.isfinite().all().item<bool>()));
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Forward_RatesNextToTheEnds_StayFinite(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        foreach (double rate in new[] { 1e-300, 1e-9, 0.5, 1 - 1e-9 })
        {
            nn.Module module = Create(of, rate);
            Tensor input = of.Input(of.Shape, ScalarType.Float64);
            Tensor[] leaves = Leaves(module, input);
            Tensor output = of.Run(module, input);
            Assert.True(output.isfinite().all().item<bool>(), $"{rate}");
            if (output.requires_grad)
            {
                output.sum().backward(); // nothing is run where a whole batch is dropped
            }

            Assert.All(leaves, leaf => Assert.True(leaf.grad is null || leaf.grad.isfinite().all().item<bool>(), $"{rate}"));
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void DropRate_OutsideItsRange_IsRefusedAtConstructionAndAssignment(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of, 0.25);
        foreach (double rate in EdgeContractTests.BadRates)
        {
            Assert.Contains("must be in [0, 1]; received", Assert.Throws<ArgumentOutOfRangeException>(() => Create(of, rate)).Message, StringComparison.Ordinal);
            foreach ((_, DropoutSite site) in DropoutSites.Of(module))
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => site.DropRate = rate);
                Assert.Equal(0.25, site.DropRate.Value);
            }
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Forward_NoRows_GivesNone(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        foreach (double rate in new[] { 0, 0.5, 1 })
        {
            nn.Module module = Create(of, rate);
            Tensor input = of.Input(of.Empty, ScalarType.Float64);
            Tensor[] leaves = Leaves(module, input);
            Tensor output = of.Run(module, input);
            Assert.Equal(0, output.numel());
            if (output.requires_grad)
            {
                output.sum().backward();
                Assert.All(leaves, leaf => Assert.True(leaf.grad is null || leaf.grad.eq(0).all().item<bool>()));
            }

            module.eval();
            Assert.Equal(of.Plain(module, input).shape, of.Run(module, input).shape);
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.Picky), MemberType = typeof(WrappedCases))]
    public void Forward_WrongShape_IsRefusedWithTheShapeAndTakesNoStep(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        foreach (long[] shape in of.WrongShapes)
        {
            foreach (bool training in new[] { true, false })
            {
                module.train(training);
                ArgumentException exception = Assert.Throws<ArgumentException>(() => of.Run(module, ones(shape, ScalarType.Float64)));
                Assert.Matches(@"must have .*; received ", exception.Message);
                Assert.Contains($"[{string.Join(", ", shape)}]", exception.Message, StringComparison.Ordinal);
            }
        }

        Assert.All(Steps(module), step => Assert.Equal(0u, step));
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Forward_OtherElementType_IsRefusedAndTakesNoStep(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        ScalarType[] others = of.Words == 0 ? [ScalarType.Int32, ScalarType.Int64, ScalarType.Bool] : [ScalarType.Float32, ScalarType.Bool];
        foreach (ScalarType type in others.Append(ScalarType.ComplexFloat64))
        {
            foreach (bool training in new[] { true, false })
            {
                module.train(training);
                ArgumentException exception = Assert.Throws<ArgumentException>(() => of.Run(module, zeros(of.Shape, type)));
                Assert.Matches($"must be an? .* tensor; received {type}", exception.Message);
            }
        }

        Assert.All(Steps(module), step => Assert.Equal(0u, step));
    }
}
