using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>What comes out of modules that wrap something, and its gradients.</summary>
public sealed class WrappedValueContractTests : WrappedContractTests
{
    [Theory]
    [MemberData(nameof(WrappedCases.Unbiased), MemberType = typeof(WrappedCases))]
    public void Forward_ManyMasks_HaveTheMeanOfEvaluation(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of, 0.4);
        using var _ = no_grad();
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        const int draws = 1500;
        Tensor outputs = stack(Enumerable.Range(0, draws).Select(_ => of.Run(module, input)));
        module.eval();

        // A mean of independent draws: five standard errors an element, estimated from the draws.
        Tensor bound = (outputs.std(0L, unbiased: true) * (5 / Math.Sqrt(draws))) + 1e-12;
        Assert.True((outputs.mean([0L]) - of.Run(module, input)).abs().le(bound).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Forward_StridedInput_GivesWhatItsContiguousCopyGives(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        int last = of.Shape.Length - 1;
        Tensor[] inputs =
        [
            of.Input([of.Shape[last], .. of.Shape[..last]], ScalarType.Float64).permute([.. Enumerable.Range(1, last).Select(i => (long)i), 0]),
            of.Input([.. of.Shape[..last], of.Shape[last] * 2], ScalarType.Float64).slice(last, 0, of.Shape[last] * 2, 2),
            of.Input([of.Shape[0] + 1, .. of.Shape[1..]], ScalarType.Float64).slice(0, 1, of.Shape[0] + 1, 1),
        ];
        foreach (Tensor strided in inputs)
        {
            AssertNear(First(of, module, strided.contiguous()), First(of, module, strided));
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Forward_FourTypes_IsTheWideResultRounded(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        foreach ((ScalarType type, double epsilon) in Types)
        {
            nn.Module module = Create(of, 0.3);
            Tensor input = of.Input(of.Shape, type), wide = of.Words == 0 ? input.to(ScalarType.Float64) : input;
            module.to(type);
            module.to(ScalarType.Float64);
            foreach (bool training in new[] { true, false })
            {
                module.train(training);
                module.to(ScalarType.Float64);
                Tensor expected = First(of, module, wide);
                module.to(type);
                Tensor output = First(of, module, input);
                Assert.Equal(type, output.dtype);

                // Sums of up to some 50 products, over 5 layers or time steps at most, each rounded.
                AssertNear(expected, output.to(ScalarType.Float64), 64 * epsilon);
            }
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Forward_OneOrMoreThreads_GivesTheSame(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        int before = get_num_threads();
        try
        {
            set_num_threads(1);
            Tensor one = First(of, module, input);
            Tensor?[] masks = [.. of.Masks(module).Select(entry => entry.Mask)];
            set_num_threads(2);

            // libtorch may sum a product in another order; the masks are the same bit for bit.
            AssertNear(one, First(of, module, input));
            Assert.All(of.Masks(module).Zip(masks), pair => AssertSame(pair.Second!, pair.First.Mask!));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.Dropping), MemberType = typeof(WrappedCases))]
    public void Forward_WhatIsDropped_LeavesNoTrace(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        using var _ = no_grad();
        Tensor expected = First(of, module, input);
        (Tensor Leaf, Tensor Mask)[] dropped = of.Dropped!(module, input);
        foreach (double value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            foreach ((Tensor leaf, Tensor mask) in dropped)
            {
                leaf.masked_fill_(mask.logical_not(), value);
            }

            AssertNear(expected, First(of, module, input));
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.Dropping), MemberType = typeof(WrappedCases))]
    public void Backward_ReachesWhatWasKeptAndNothingElse(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        Leaves(module, input);
        Tensor output = First(of, module, input);
        (output * rand_like(output)).sum().backward();
        foreach ((Tensor leaf, Tensor mask) in of.Dropped!(module, input))
        {
            Tensor gradient = leaf.grad ?? zeros_like(leaf);
            AssertSame(mask.expand(leaf.shape).contiguous(), gradient.ne(0));
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Backward_Float64_AgreesWithFiniteDifferences(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of, 0.3);
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        Tensor[] leaves = Leaves(module, input);
        Tensor[] directions = [.. leaves.Select(leaf => randn_like(leaf))];
        Tensor output = First(of, module, input), weights = randn_like(output);
        (output * weights).sum().backward();
        double along = leaves.Zip(directions).Sum(pair => pair.First.grad is Tensor gradient ? (gradient * pair.Second).sum().item<double>() : 0);

        // Central differences err by step² times a third derivative, and by rounding, some 10⁻¹⁵ over the step.
        const double step = 1e-5;
        double up = Moved(step), down = Moved(-2 * step);
        Assert.Equal(along, (up - down) / (2 * step), 1e-6 * (1 + Math.Abs(along)));
        Assert.NotEqual(0, along);

        double Moved(double by)
        {
            using var _ = no_grad();
            foreach ((Tensor leaf, Tensor direction) in leaves.Zip(directions))
            {
                leaf.add_(direction * by);
            }

            return (First(of, module, input) * weights).sum().item<double>();
        }
    }
}
