using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>The share that modules that wrap something keep, and what they give on average, over 10⁷ draws.</summary>
public sealed class WideContractTests : WrappedContractTests
{
    private const double Rate = 0.3, Keep = 0.7;

    [Fact]
    public void WideCases_AndThoseOfFewDraws_AreAllWrappedCases() =>
        Assert.Equal(WrappedCases.All.Select(row => row.Data).Order(), WideCases.All.Concat(WrappedCases.FewDraws).Select(row => row.Data).Order());

    [Theory]
    [MemberData(nameof(WideCases.All), MemberType = typeof(WideCases))]
    public void Forward_TenMillionDraws_KeepsTheShareAndTheExpectation(string name)
    {
        WideCase of = WideCases.Of(name);
        using IDisposable withoutGraph = no_grad();
        nn.Module module = Own(of.Create(Rate));
        double sum = 0;
        double[] kept = [], draws = [];
        for (int pass = 0; pass < of.Passes; pass++)
        {
            using DisposeScope scope = NewDisposeScope();
            sum += of.Run(module);
            Tensor[] masks = of.Masks(module);
            kept = [.. masks.Select((mask, i) => mask.sum().item<long>() + kept.ElementAtOrDefault(i))];
            draws = [.. masks.Select((mask, i) => mask.numel() + draws.ElementAtOrDefault(i))];
            AssertRowsAreAlike(of, masks[0]);
        }

        // The count is binomial: five of its standard deviations.
        Assert.All(kept.Zip(draws), mask =>
        {
            Assert.True(mask.Second > 0.99e7);
            Assert.InRange(mask.First / mask.Second, Keep - Bound(mask.Second), Keep + Bound(mask.Second));
        });

        // The mean follows the shares of its independent masks; float32 rounds each element at 2⁻²⁴.
        double deviation = (of.Slope(Keep) * Math.Sqrt(draws.Length) * Bound(of.Passes * of.Deciding ?? draws[0])) + 1e-7;
        Assert.InRange(sum / of.Passes, of.Mean(Keep) - deviation, of.Mean(Keep) + deviation);
        module.eval();
        Assert.Equal((of.Evaluated ?? of.Mean)(Keep), of.Run(module), 1e-5); // sums of some thousand in float32

        double Bound(double n) => of.KeepsAFixedNumber ? 1e-12 : 5 * Math.Sqrt(Keep * Rate / n);
    }

    [Theory]
    [MemberData(nameof(WrappedCases.FewDraws), MemberType = typeof(WrappedCases))]
    public void Forward_FewDrawsAPass_AreThoseOfTheStreamWhoseTenMillionKeepTheExpectation(string name)
    {
        WrappedCase of = WrappedCases.Of(name);
        using IDisposable withoutGraph = no_grad();
        nn.Module module = Create(of, Rate);
        DropoutSite site = Assert.Single(DropoutSites.Of(module)).Site;
        Tensor input = of.Input(of.Shape, ScalarType.Float64);
        long draws = 1;
        for (uint step = 0; step < 300; step++)
        {
            MaskStream stream = site.Position;
            using DisposeScope scope = NewDisposeScope();
            of.Run(module, input);
            bool[] mask = [.. of.Masks(module)[0].Mask!.flatten().data<bool>()];
            Assert.Equal(new MaskStream(Seed, step), stream);
            Assert.Equal(Enumerable.Range(0, mask.Length).Select(i => stream.IsKept(i, Rate)), mask);
            draws = mask.Length;
        }

        const long All = 10_000_000;
        long kept = 0;
        for (uint step = 0; step < All / draws; step++)
        {
            for (long i = 0; i < draws; i++)
            {
                kept += new MaskStream(Seed, step).IsKept(i, Rate) ? 1 : 0;
            }
        }

        double share = (double)kept / All, bound = 5 * Math.Sqrt(Keep * Rate / All);
        Assert.InRange(share, Keep - bound, Keep + bound);
        if (of.KeepsExpectation)
        {
            Tensor all = With(true), none = With(false);
            module.eval();
            Tensor mean = (all * share) + (none * (1 - share));
            Assert.True((mean - of.Run(module, input)).abs().le(((all - none).abs() * bound) + 1e-12).all().item<bool>());
        }

        Tensor With(bool isKept)
        {
            using (site.Use(full([1], isKept, ScalarType.Bool)))
            {
                return of.Run(module, input);
            }
        }
    }

    // Where a row keeps a fixed number, each place is kept as often as the others: binomial over the rows.
    private static void AssertRowsAreAlike(WideCase of, Tensor mask)
    {
        if (of.KeepsAFixedNumber && mask.dim() == 2)
        {
            Tensor shares = mask.to(ScalarType.Float64).mean([0]);
            Assert.True((shares - Keep).abs().le(FiveSigma(mask.shape[0])).all().item<bool>());
        }

        static double FiveSigma(double rows) => 5 * Math.Sqrt(Keep * Rate / rows);
    }
}
