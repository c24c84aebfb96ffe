using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>Rates at the ends, empty and scalar tensors, evaluation, and what is refused.</summary>
public sealed class EdgeContractTests : ContractTests
{
    public static readonly double[] BadRates = [-0.1, 1.2, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_RateZero_IsAnAliasOfTheInput(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        AssertAlias(Create(of, 0), of);
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_Evaluation_IsAnAliasOfTheInput(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0.4);
        if (module is MaskedModule { Scaling: Scaling.AtInference })
        {
            module.eval();
            Tensor input = randn(of.Shape, ScalarType.Float64);
            AssertSame(input * 0.6, module.forward(input));
            return;
        }

        module.eval();
        AssertAlias(module, of);
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_RateOne_IsZeroWithZeroGradientOrRefused(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        if (!of.CanDropAll)
        {
            Assert.Contains("[0, 1)", Assert.Throws<ArgumentOutOfRangeException>(() => Create(of, 1)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => Create(of).DropRate = 1);
            return;
        }

        foreach ((ScalarType type, _) in Types)
        {
            DropoutModule module = Create(of, 1);
            Tensor input = full(of.Shape, double.NaN, type).requires_grad_(true);
            Tensor output = module.forward(input);
            output.sum().backward();
            if (of.Law == ElementLaw.Fill)
            {
                Assert.True(output.isfinite().all().item<bool>());
            }
            else
            {
                AssertSame(zeros(of.Shape, type), output.detach());
            }

            AssertSame(zeros(of.Shape, type), input.grad!);
        }
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_RatesNextToTheEnds_StayFinite(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        foreach (double rate in new[] { 1e-300, 1e-9, 0.5, 1 - 1e-9 })
        {
            DropoutModule module = Create(of, rate);
            Tensor input = randn(of.Shape, ScalarType.Float64).requires_grad_(true);
            Tensor output = module.forward(input);
            output.sum().backward();
            Assert.True(output.isfinite().all().item<bool>(), $"{rate}");
            Assert.True(input.grad!.isfinite().all().item<bool>(), $"{rate}");
        }
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void DropRate_OutsideItsRange_IsRefusedAtConstructionAndAssignment(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0.25);
        foreach (double rate in BadRates)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Create(of, rate));
            Assert.Throws<ArgumentOutOfRangeException>(() => module.DropRate = rate);
        }

        Assert.Equal(0.25, module.DropRate.Value);
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_EmptyInput_IsEmpty(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        foreach ((ScalarType type, _) in Types)
        {
            long[] shape = [0, .. of.Shape[1..]];
            Tensor input = zeros(shape, type).requires_grad_(true);
            Tensor output = Create(of).forward(input);
            output.sum().backward();
            Assert.Equal(shape, output.shape);
            Assert.Equal(shape, input.grad!.shape);
        }
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_Scalar_IsScalarOrRefused(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of);
        Tensor input = tensor(2.0).requires_grad_(true);
        if (!of.TakesAnyRank)
        {
            Assert.Throws<ArgumentException>(() => module.forward(input));
            return;
        }

        Tensor output = module.forward(input);
        output.backward();
        Assert.Equal(0, output.dim());
        Assert.Equal(0, input.grad!.dim());
    }

    [Theory]
    [MemberData(nameof(ModuleCases.Picky), MemberType = typeof(ModuleCases))]
    public void Forward_WrongShape_IsRefusedWithTheShapeAndTakesNoStep(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of);
        foreach (long[] shape in of.WrongShapes)
        {
            ArgumentException exception = Assert.Throws<ArgumentException>(() => module.forward(ones(shape)));
            Assert.Contains($"[{string.Join(", ", shape)}]", exception.Message, StringComparison.Ordinal);
            module.eval();
            Assert.Throws<ArgumentException>(() => module.forward(ones(shape)));
            module.train();
        }

        Assert.Equal(0u, module.Position.Step);
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_IntegerOrComplex_IsRefused(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of);
        foreach (ScalarType type in new[] { ScalarType.Int32, ScalarType.Int64, ScalarType.Bool, ScalarType.ComplexFloat32 })
        {
            Assert.Throws<ArgumentException>(() => module.forward(zeros(of.Shape, type)));
        }
    }

    private static void AssertAlias(DropoutModule module, ModuleCase of)
    {
        Tensor input = randn(of.Shape), output = module.forward(input);
        Assert.NotSame(input, output);
        Assert.Equal(Address(input), Address(output));
        output.Dispose();
        Assert.False(input.IsInvalid);
    }
}
