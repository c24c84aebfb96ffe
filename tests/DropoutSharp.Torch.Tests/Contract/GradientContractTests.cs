using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>What a module does to gradients, through its own node of the graph and through TorchSharp's public interface.</summary>
public sealed class GradientContractTests : ContractTests
{
    public static MatrixTheoryData<string, bool> Both => new([.. ModuleCases.All.Select(row => row.Data)], [false, true]);

    public static MatrixTheoryData<string, bool> BothInplace => new([.. ModuleCases.Inplace.Select(row => row.Data)], [false, true]);

    [Theory]
    [MemberData(nameof(Both))]
    public void Backward_AnyLaw_UsesTheForwardMaskBitForBit(string name, bool publicInterface)
    {
        NoiseFunction.t_usePublicInterface = publicInterface;
        ModuleCase of = ModuleCases.Of(name);
        foreach ((ScalarType type, double epsilon) in Types)
        {
            DropoutModule module = Create(of, 0.3);
            Tensor input = randn(of.Shape).to(type).requires_grad_(true);
            Tensor output = module.forward(input);
            Tensor upstream = randn(of.Shape).to(type);
            output.backward([upstream]);
            Tensor mask = MaskFor(module, input), gradient = input.grad!;
            Assert.Equal(type, gradient.dtype);
            Tensor expected = GradientOf(module, of.Law, upstream.to(ScalarType.Float64), mask);
            Tensor bound = (expected.abs() + upstream.to(ScalarType.Float64).abs()) * (epsilon + (4 * Math.Pow(2, type == ScalarType.Float64 ? -52 : -23)));
            Assert.True((gradient.to(ScalarType.Float64) - expected).abs().le(bound).all().item<bool>(), $"{type}");
            if (of.HasMask)
            {
                Assert.True(gradient.ne(0).eq(mask.logical_and(upstream.ne(0))).all().item<bool>());
            }
        }
    }

    [Theory]
    [MemberData(nameof(ModuleCases.Masked), MemberType = typeof(ModuleCases))]
    public void Backward_NaNWhereDropped_IsPlusZero(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of);
        Tensor input = full(of.Shape, double.NaN).requires_grad_(true);
        Tensor output = module.forward(input);
        output.backward([full(of.Shape, double.PositiveInfinity)]);
        Tensor dropped = input.grad![MaskFor(module, input).logical_not()];
        Assert.True(dropped.numel() > 0);
        AssertSame(zeros_like(dropped), dropped);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Backward_Float64_AgreesWithFiniteDifferences(string name, bool publicInterface)
    {
        NoiseFunction.t_usePublicInterface = publicInterface;
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0.3);
        MaskStream position = module.Position;
        Tensor input = randn(of.Shape, ScalarType.Float64).requires_grad_(true), direction = randn(of.Shape, ScalarType.Float64);
        Tensor weights = randn(of.Shape, ScalarType.Float64);
        (module.forward(input, position) * weights).sum().backward();
        const double step = 1e-3;
        using (no_grad())
        {
            double up = (module.forward(input + (direction * step), position) * weights).sum().item<double>();
            double down = (module.forward(input - (direction * step), position) * weights).sum().item<double>();
            double along = (input.grad! * direction).sum().item<double>();

            // The module is affine for a fixed mask, so that only rounding remains: some 500 terms of size 10 at 2^-52, divided by the step.
            Assert.Equal(along, (up - down) / (2 * step), 1e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Backward_OfStridedInputAndExpandedGradient_IsThatOfTheContiguous(string name, bool publicInterface)
    {
        NoiseFunction.t_usePublicInterface = publicInterface;
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0.3);
        MaskStream position = module.Position;
        int last = of.Shape.Length - 1;
        Tensor strided = randn([.. of.Shape[..last], of.Shape[last] * 2]).slice(last, 0, of.Shape[last] * 2, 2).requires_grad_(true);
        Tensor plain = strided.detach().contiguous().requires_grad_(true);
        module.forward(strided, position).sum().backward(); // the gradient of a sum is one number, expanded
        module.forward(plain, position).backward([ones(of.Shape)]);
        AssertSame(plain.grad!, strided.grad!);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Backward_Twice_GivesSecondDerivatives(string name, bool publicInterface)
    {
        NoiseFunction.t_usePublicInterface = publicInterface;
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0.3);
        Tensor input = randn(of.Shape, ScalarType.Float64).requires_grad_(true);
        Tensor output = module.forward(input);
        Tensor first = autograd.grad([(output * output).sum()], [input], create_graph: true)[0];
        Tensor second = autograd.grad([first.sum()], [input])[0];

        // d²/dx² Σ (f·x + c)² = 2f², f the factor of each element.
        Tensor factor = GradientOf(module, of.Law, ones_like(input), MaskFor(module, input)).detach();
        Assert.True((second - (2 * factor * factor)).abs().le(1e-12 * (1 + (factor * factor))).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(BothInplace))]
    public void Backward_InPlaceWithinAGraph_IsThatOfTheOther(string name, bool publicInterface)
    {
        NoiseFunction.t_usePublicInterface = publicInterface;
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule apart = Create(of, 0.3), inPlace = Create(of, 0.3, inplace: true);
        Tensor a = randn(of.Shape).requires_grad_(true), b = a.detach().clone().requires_grad_(true);
        Tensor upstream = randn(of.Shape);
        apart.forward(a * 2).backward([upstream]);
        inPlace.forward(b * 2).backward([upstream]);
        AssertSame(a.grad!, b.grad!);
    }

    [Theory]
    [MemberData(nameof(ModuleCases.Inplace), MemberType = typeof(ModuleCases))]
    public void Forward_InPlaceOnALeaf_IsRefusedBeforeItIsChanged(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, inplace: true);
        Tensor leaf = ones(of.Shape).requires_grad_(true);
        Assert.ThrowsAny<Exception>(() => module.forward(leaf));
        AssertSame(ones(of.Shape), leaf.detach());
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_NoGradient_IsOutsideTheGraph(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of);
        Tensor input = randn(of.Shape).requires_grad_(true);
        using (no_grad())
        {
            Assert.False(module.forward(input).requires_grad);
        }

        Assert.True(module.forward(input).requires_grad);
        Assert.False(module.forward(input.detach()).requires_grad);
    }

    private static Tensor GradientOf(DropoutModule module, ElementLaw law, Tensor upstream, Tensor mask)
    {
        double scale = KeptScale(module, law);
        return law switch
        {
            ElementLaw.Factor => upstream * mask.to(ScalarType.Float64),
            ElementLaw.Summand => upstream,
            _ => where(mask, upstream * scale, zeros_like(upstream)),
        };
    }
}
