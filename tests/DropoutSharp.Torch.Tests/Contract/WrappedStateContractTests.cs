using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>Steps, positions, seeds, masks handed in, saving and loading of modules that wrap something.</summary>
public sealed class WrappedStateContractTests : WrappedContractTests
{
    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Position_EachForwardInTraining_TakesOneStepWhateverTheRate(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of, 0);
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        foreach (double rate in new[] { 0, 0.5, 1 })
        {
            Assert.All(DropoutSites.Of(module), entry => entry.Site.DropRate = rate);
            of.Run(module, input);
        }

        module.eval();
        of.Run(module, input);
        Assert.Equal(DropoutSites.Of(module).Select((_, i) => new MaskStream(Seed, 3, (uint)i)), DropoutSites.Of(module).Select(entry => entry.Site.Position));
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Seed_NotGiven_ComesFromTorchsGenerator(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        MaskStream[] first = Positions(3), again = Positions(3), other = Positions(4);
        Assert.Equal(first, again);
        Assert.Empty(first.Intersect(other));
        Assert.Equal(first.Length, first.Distinct().Count());

        MaskStream[] Positions(long seed)
        {
            manual_seed(seed);
            return [.. DropoutSites.Of(Create(of, seed: null)).Select(entry => entry.Site.Position)];
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void StateDict_SavedAndLoaded_GoesOnWithTheSameMasks(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module first = Create(of, 0.5, 5), second = Create(of, 0.5, 6);
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        of.Run(first, input);
        second.load_state_dict(first.state_dict());
        Assert.All(Steps(second), step => Assert.Equal(1u, step));
        for (int step = 0; step < 3; step++)
        {
            AssertSame(of.Run(first, input), of.Run(second, input));
            Assert.All(of.Masks(first).Zip(of.Masks(second)), pair => AssertSame(pair.First.Mask!, pair.Second.Mask!));
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void CurrentMask_HandedIn_GivesTheSameInAnyMode(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of, 0.3);
        Assert.All(of.Masks(module), entry => Assert.Null(entry.Mask));
        Tensor input = of.Input(of.Shape, ScalarType.Float64), expected = of.Run(module, input);
        (DropoutSite Site, Tensor? Mask)[] masks = of.Masks(module);
        Assert.All(masks, entry => Assert.Equal(ScalarType.Bool, entry.Mask!.dtype));
        Assert.Equal(DropoutSites.Of(module).Count, masks.Length);
        foreach (bool training in new[] { true, false })
        {
            module.train(training);
            IDisposable[] uses = [.. masks.Select(entry => entry.Site.Use(entry.Mask!))];
            AssertNear(expected, of.Run(module, input));
            Assert.All(of.Masks(module).Zip(masks), pair => AssertSame(pair.Second.Mask!, pair.First.Mask!));
            Assert.All(uses, use => use.Dispose());
        }

        Assert.All(Steps(module), step => Assert.Equal(1u, step));
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void CurrentMask_AfterEvaluation_IsStillTheLatestThatWasDrawn(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        of.Run(module, of.Input(of.Shape, ScalarType.Float64));
        (DropoutSite Site, Tensor? Mask)[] drawn = of.Masks(module);
        module.eval();
        of.Run(module, of.Input(of.Empty, ScalarType.Float64));
        Assert.All(of.Masks(module).Zip(drawn), pair => AssertSame(pair.Second.Mask!, pair.First.Mask!));
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void CurrentMask_GivenAndNoMoreThere_IsNull(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        of.Run(module, input);
        foreach ((DropoutSite site, Tensor? mask) in of.Masks(module))
        {
            using (site.Use(mask!))
            {
                of.Run(module, input);
            }

            mask!.Dispose();
            Assert.Null(of.Masks(module).Single(entry => entry.Site == site).Mask);
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void CurrentMask_ThatDoesNotFit_IsRefused(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        of.Run(module, input);
        foreach ((DropoutSite site, Tensor? mask) in of.Masks(module))
        {
            foreach (Tensor wrong in new[] { ones(97, ScalarType.Bool), mask!.to(ScalarType.Float32), mask.to(ScalarType.Int64) })
            {
                using (site.Use(wrong))
                {
                    Assert.Matches("^Mask must .*; received", Assert.Throws<ArgumentException>(() => of.Run(module, input)).Message);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.All), MemberType = typeof(WrappedCases))]
    public void Sample_InEvaluation_DrawsUntilDisposedAndLeavesTrainingAlone(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        module.eval();
        Tensor input = of.Input(of.Shape, ScalarType.Float64), calm = of.Run(module, input);
        (string Path, DropoutSite Site)[] sites = [.. DropoutSites.Of(module)];
        IDisposable[] samples = [.. sites.Select((entry, i) => entry.Site.Sample(new SiteSampling(new MaskStream(11, 0, (uint)i))))];
        Tensor[] outputs = [.. Enumerable.Range(0, 16).Select(_ => of.Run(module, input))];

        // One draw decides for a whole batch in some: that sixteen are all alike has probability 2^-15.
        Assert.Contains(outputs, output => !SameBits(outputs[0], output));
        Assert.All(samples, sample => sample.Dispose());
        AssertSame(calm, of.Run(module, input));
        Assert.All(Steps(module), step => Assert.Equal(0u, step));
    }

    [Theory]
    [MemberData(nameof(WrappedCases.ByRow), MemberType = typeof(WrappedCases))]
    public void Sample_BatchCutIntoParts_DrawsTheSame(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        Tensor input = of.Input(of.Shape, ScalarType.Float64), whole = Run(0, 8);
        AssertNear(whole.slice(0, 0, 3, 1), Run(0, 3));
        AssertNear(whole.slice(0, 3, 8, 1), Run(3, 8));

        Tensor Run(long from, long to)
        {
            using (DropoutSites.Of(module).Single().Site.Sample(new SiteSampling(new MaskStream(11), FirstRow: from)))
            {
                return of.Run(module, input.slice(0, from, to, 1));
            }
        }
    }

    [Theory]
    [MemberData(nameof(WrappedCases.ByRow), MemberType = typeof(WrappedCases))]
    public void Sample_SharedByRows_DrawsOneMaskForAll(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        nn.Module module = Create(of);
        Tensor input = of.Input([1, .. of.Shape[1..]], ScalarType.Float64).expand(of.Shape).contiguous();
        using (DropoutSites.Of(module).Single().Site.Sample(new SiteSampling(new MaskStream(11), IsSharedByRows: true)))
        {
            Tensor output = of.Run(module, input);
            AssertNear(output.slice(0, 0, 1, 1).expand(output.shape), output);
        }
    }
}
