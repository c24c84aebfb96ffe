using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>Steps, positions, seeds, saving and loading.</summary>
public sealed class StateContractTests : ContractTests
{
    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Position_EachForwardInTraining_TakesOneStepWhateverTheRate(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0);
        Tensor input = ones(of.Shape);
        module.forward(input);
        module.DropRate = 0.5;
        module.forward(input);
        module.eval();
        module.forward(input);
        Assert.Equal(new MaskStream(Seed, 2, 0), module.Position);
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Position_SetBack_DrawsTheSameAgainAndThenOther(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of);
        Tensor input = ones(of.Large), first = module.forward(input), second = module.forward(input);
        Assert.False(SameBits(first, second));
        module.Position = module.Position with { Step = 0 };
        AssertSame(first, module.forward(input));
        AssertSame(second, module.forward(input));
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Seed_NotGiven_ComesFromTorchsGenerator(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        Tensor input = ones(of.Large);
        manual_seed(3);
        Tensor first = Create(of, seed: null).forward(input), other = Create(of, seed: null).forward(input);
        manual_seed(3);
        AssertSame(first, Create(of, seed: null).forward(input));
        Assert.False(SameBits(first, other));
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void StateDict_SavedAndLoaded_GoesOnWithTheSameMasks(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule first = Create(of, 0.5, 5), second = Create(of, 0.5, 6);
        Tensor input = ones(of.Large);
        first.forward(input);
        Dictionary<string, Tensor> state = first.state_dict();
        Assert.Equal(["site.position"], state.Keys);
        Assert.Equal(ScalarType.Int64, state["site.position"].dtype);
        second.load_state_dict(state);
        AssertSame(first.forward(input), second.forward(input));

        using MemoryStream stream = new();
        using (BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            first.save(writer);
        }

        stream.Position = 0;
        DropoutModule third = Create(of, 0.5, 7);
        using (BinaryReader reader = new(stream))
        {
            third.load(reader);
        }

        Assert.Equal(first.Position, third.Position);
        AssertSame(first.forward(input), third.forward(input));
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Position_ModelConverted_StaysWhatItIs(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0.5, ulong.MaxValue - 1);
        using nn.Module<Tensor, Tensor> model = nn.Sequential(("dropout", (nn.Module<Tensor, Tensor>)module));
        model.forward(ones(of.Shape));
        model.half();
        model.to(ScalarType.Float64);
        model.to(ScalarType.BFloat16);
        model.to(CPU);
        Assert.Equal(new MaskStream(ulong.MaxValue - 1, 1, 0), module.Position);
        model.forward(ones(of.Shape, ScalarType.BFloat16));
        Assert.Equal(2u, module.Position.Step);
        Assert.Equal(ScalarType.Int64, model.state_dict()["dropout.site.position"].dtype);
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void CurrentMask_HandedIn_GivesTheSameInAnyMode(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0.3);
        Assert.Null(module.CurrentMask);
        Assert.Null(module.CurrentMaskBits);
        Tensor input = randn(of.Shape, ScalarType.Float64), expected = module.forward(input), mask = module.CurrentMask!;
        MaskStream after = module.Position;
        AssertClose(expected, module.forward(input, mask));
        module.eval();
        AssertClose(expected, module.forward(input, mask));
        AssertClose(expected, module.forward(input, after with { Step = 0 }));
        Assert.Equal(after, module.Position);
        if (of.HasMask)
        {
            Assert.Equal(ScalarType.Bool, mask.dtype);
            bool[] values = mask.flatten().data<bool>().ToArray();
            byte[] bits = module.CurrentMaskBits!;
            Assert.Equal((values.Length + 7) / 8, bits.Length);
            Assert.Equal(values, Enumerable.Range(0, values.Length).Select(i => (bits[i / 8] >> (i % 8) & 1) == 1));
        }
        else
        {
            Assert.Null(module.CurrentMaskBits);
        }
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Forward_MaskThatDoesNotFit_IsRefused(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of);
        Tensor input = ones(of.Shape);
        Tensor wrongShape = ones(of.Shape[^1] + 1).to(of.HasMask ? ScalarType.Bool : ScalarType.Float32);
        Assert.Throws<ArgumentException>(() => module.forward(input, wrongShape));
        Assert.Throws<ArgumentException>(() => module.forward(input, ones(of.Shape, ScalarType.Int64)));
    }

    [Theory]
    [MemberData(nameof(ModuleCases.All), MemberType = typeof(ModuleCases))]
    public void Sample_InEvaluation_DrawsUntilDisposedAndLeavesTrainingAlone(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of);
        module.eval();
        Tensor input = ones(of.Large), calm = module.forward(input);
        MaskStream position = module.Position, stream = position.Derive(1);
        using (module.Site.Sample(new SiteSampling(stream)))
        {
            Assert.True(module.Site.IsStochastic);
            Tensor first = module.forward(input), second = module.forward(input);
            Assert.False(SameBits(first, second));
            AssertSame(second, module.forward(input, stream with { Step = 1 }));
        }

        Assert.False(module.Site.IsStochastic);
        AssertSame(calm, module.forward(input));
        Assert.Equal(position, module.Position);
    }

    [Theory]
    [MemberData(nameof(ModuleCases.ByRow), MemberType = typeof(ModuleCases))]
    public void Sample_BatchCutIntoParts_DrawsTheSame(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of);
        Tensor input = randn(of.Shape);
        MaskStream stream = new(11);
        Tensor whole = Run(0, 8);
        AssertSame(whole.slice(0, 0, 3, 1).contiguous(), Run(0, 3));
        AssertSame(whole.slice(0, 3, 8, 1).contiguous(), Run(3, 8));

        Tensor Run(long from, long to)
        {
            using (module.Site.Sample(new SiteSampling(stream, FirstRow: from)))
            {
                return module.forward(input.slice(0, from, to, 1));
            }
        }
    }

    [Theory]
    [MemberData(nameof(ModuleCases.ByRow), MemberType = typeof(ModuleCases))]
    public void Sample_SharedByRows_DrawsOneMaskForAll(string name)
    {
        ModuleCase of = ModuleCases.Of(name);
        DropoutModule module = Create(of, 0.3);
        Tensor row = randn([1, .. of.Shape[1..]]), input = row.expand(of.Shape).contiguous();
        using (module.Site.Sample(new SiteSampling(new MaskStream(11), IsSharedByRows: true)))
        {
            Tensor output = module.forward(input);
            AssertSame(output.slice(0, 0, 1, 1).expand(of.Shape).contiguous(), output);
            Assert.Equal(1, module.CurrentMask!.shape[0]);
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.True((expected - actual).abs().le((expected.abs() + 1) * 1e-15).all().item<bool>());
}
