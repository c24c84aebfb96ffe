using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>What comes out of a module.</summary>
public sealed class ValueContractTests : ContractTests
{
    [Theory]
    [MemberData(nameof(ModuleCases.Masked), MemberType = typeof(ModuleCases))]
    public void CurrentMask_TenMillionDraws_KeepsTheShareThatItMust(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        if (of.ManyDraws is null)
        {
            Assert.Skip("Its draws depend on each other; its own tests know the law.");
        }

        DropoutModule module = Create(of, 0.3);
        using Tensor input = ones(of.ManyDraws);
        using Tensor output = module.forward(input);
        using Tensor mask = module.CurrentMask!;
        double draws = mask.numel(), kept = mask.sum().item<long>(), keep = module.DropRate.KeepProbability;
        Assert.True(draws > 0.9e7);

        // The count is binomial: five of its standard deviations.
        Assert.InRange(kept / draws, keep - (5 * Math.Sqrt(keep * (1 - keep) / draws)), keep + (5 * Math.Sqrt(keep * (1 - keep) / draws)));
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_ManyElements_KeepsTheExpectation(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        if (of.ManyDraws is null)
        {
            Assert.Skip("Its draws depend on each other; its own tests know the law.");
        }

        DropoutModule module = Create(of, 0.3);

        // Alpha dropout keeps the mean 0 of its input, as normal numbers do in the place of zeros, the others any: zeros there, ones here.
        Tensor input = of.Law is ElementLaw.Affine or ElementLaw.Fill ? zeros(of.ManyDraws) : ones(of.ManyDraws);
        Tensor output = module.forward(input);
        double training = output.to(ScalarType.Float64).mean().item<double>();
        double deviation = output.to(ScalarType.Float64).var(unbiased: false).sqrt().item<double>();
        module.eval();
        double evaluation = module.forward(input[..2]).to(ScalarType.Float64).mean().item<double>() * (of.KeepsExpectation ? 1 : module.DropRate.KeepProbability);

        // An average of n independent draws: five standard errors, n being the mask's elements.
        Assert.InRange(training, evaluation - Bound(), evaluation + Bound());
        double Bound() => (5 * deviation / Math.Sqrt(module.CurrentMask!.numel())) + 1e-6;
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_FourTypes_IsTheLawRoundedOnce(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        foreach ((ScalarType type, double epsilon) in Types)
        {
            DropoutModule module = Create(of, 0.3);
            Tensor input = randn(of.Shape).to(type);
            Tensor output = module.forward(input);
            Tensor x = input.to(ScalarType.Float64), mask = MaskFor(module, input);
            Assert.Equal(type, output.dtype);
            Assert.Equal(of.Shape, output.shape);
            Tensor expected = Expected(module, of.Law, x, mask, type);

            // A product in float32 (half an ulp each for scale, product, sum) and one rounding to the type.
            Tensor bound = (expected.abs() + x.abs() + 1) * (epsilon + (type == ScalarType.Float64 ? 2 * epsilon : 4 * Math.Pow(2, -23)));
            Assert.True((output.to(ScalarType.Float64) - expected).abs().le(bound).all().item<bool>(), $"{type}");
            if (of.Law == ElementLaw.Select)
            {
                Assert.True(output[mask.logical_not()].eq(0).all().item<bool>());
            }
        }
    }

    [Theory]
    [MemberData(nameof(ModuleCases.Masked), MemberType = typeof(ModuleCases))]
    public void Forward_DroppedNaNAndInfinity_LeaveNoTrace(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        foreach (double value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            foreach ((ScalarType type, _) in Types)
            {
                DropoutModule module = Create(of);
                Tensor output = module.forward(full(of.Shape, value, type));
                Tensor mask = MaskFor(module, output);
                Assert.True(output[mask].isfinite().logical_not().all().item<bool>());
                Tensor dropped = output[mask.logical_not()];
                Assert.True(dropped.numel() > 0 && dropped.isfinite().all().item<bool>());
                if (of.Law == ElementLaw.Select)
                {
                    AssertSame(zeros_like(dropped), dropped); // +0, not −0
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_StridedInput_GivesWhatItsContiguousCopyGives(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0.3);
        MaskStream position = module.Position;
        foreach ((ScalarType type, _) in Types)
        {
            foreach (Tensor strided in Strided(of.Shape, type))
            {
                Tensor expected = module.forward(strided.contiguous(), position), actual = module.forward(strided, position);
                AssertSame(expected, actual);
                if (TensorMemory.IsDense(strided))
                {
                    Assert.Equal(strided.stride(), actual.stride());
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_AsOnAnotherDevice_GivesWhatTheKernelGives(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0.3);
        MaskStream position = module.Position;
        foreach ((ScalarType type, double epsilon) in Types)
        {
            Tensor input = randn(of.Shape).to(type);
            Tensor kernel = module.forward(input, position);
            TensorMemory.t_treatAsOtherDevice = true;
            Tensor libtorch = module.forward(input, position);
            TensorMemory.t_treatAsOtherDevice = false;
            Assert.Equal(type, libtorch.dtype);

            // The same mask; libtorch may round the product before it adds: one more rounding, of a magnitude that the law's constants allow.
            Tensor a = kernel.to(ScalarType.Float64), b = libtorch.to(ScalarType.Float64);
            Assert.True((a - b).abs().le((a.abs() + input.to(ScalarType.Float64).abs() + 2) * 2 * epsilon).all().item<bool>());
            if (of.Law == ElementLaw.Select)
            {
                AssertSame(kernel, libtorch);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ModuleCases.Inplace), MemberType = typeof(ModuleCases))]
    public void Forward_InPlace_ChangesTheInputToTheSameResult(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule apart = Create(of, 0.3), inPlace = Create(of, 0.3, inplace: true);
        foreach ((ScalarType type, double epsilon) in Types)
        {
            foreach (Tensor input in Strided(of.Shape, type).Take(3).Prepend(randn(of.Shape).to(type)))
            {
                Tensor expected = apart.forward(input.clone());
                Tensor actual = inPlace.forward(input);
                Assert.NotSame(input, actual);
                AssertSame(input, actual);
                Assert.True((actual - expected).abs().le((expected.abs() + 2) * 2 * epsilon).all().item<bool>());
            }
        }
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_OneOrMoreThreads_GivesTheSame(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0.3);
        MaskStream position = module.Position;
        Tensor input = randn(of.Large);
        int before = get_num_threads();
        try
        {
            set_num_threads(1);
            Tensor one = module.forward(input, position);
            foreach (int threads in new[] { 2, 3 })
            {
                set_num_threads(threads);
                AssertSame(one, module.forward(input, position));
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    /// <summary>Tensors that are no plain contiguous ones: transposed, a slice with gaps, every other element, an offset into memory.</summary>
    private static IEnumerable<Tensor> Strided(long[] shape, ScalarType type)
    {
        int last = shape.Length - 1;
        if (last > 0)
        {
            yield return randn([.. shape[..(last - 1)], shape[last], shape[last - 1]]).to(type).transpose(last - 1, last);
            yield return randn([shape[last], .. shape[..last]]).to(type).permute([.. Enumerable.Range(1, last).Select(i => (long)i), 0]);
        }

        yield return randn([.. shape[..last], shape[last] * 2]).to(type).slice(last, 0, shape[last] * 2, 2);
        yield return randn([shape[0] + 1, .. shape[1..]]).to(type).slice(0, 1, shape[0] + 1, 1);
        yield return randn([shape[0], .. shape[1..last], shape[last] + 3]).to(type).slice(last, 3, shape[last] + 3, 1);
        if (last > 1)
        {
            yield return randn([shape[0], .. shape[2..], shape[1]]).to(type).permute([0, last, .. Enumerable.Range(1, last - 1).Select(i => (long)i)]); // channels last
        }
    }

    private static Tensor Expected(DropoutModule module, ElementLaw law, Tensor x, Tensor mask, ScalarType type)
    {
        AlphaAffine alpha = law == ElementLaw.Affine ? new AlphaAffine(module.DropRate) : default;
        double scale = KeptScale(module, law);
        return law switch
        {
            ElementLaw.Select => where(mask, x * scale, zeros_like(x)),
            ElementLaw.Fill => where(mask, x, module.forward(zeros(x.shape, type), module.Position with { Step = module.Position.Step - 1 }).to(ScalarType.Float64)),
            ElementLaw.Affine => where(mask, (x * alpha.Scale) + alpha.Shift, full_like(x, alpha.Dropped)),
            ElementLaw.Factor => x * mask.to(ScalarType.Float64),
            _ => x + mask.to(ScalarType.Float64),
        };
    }
}
