using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>What the parts of the contract suite for wrapped modules share.</summary>
public abstract class WrappedContractTests : ContractTests
{
    protected nn.Module Create(WrappedCase of, double dropRate = 0.5, ulong? seed = Seed) => Own(of.Create(dropRate, seed));

    /// <summary>A pass in which every site draws its first mask.</summary>
    protected static Tensor First(WrappedCase of, nn.Module module, Tensor input)
    {
        foreach ((_, DropoutSite site) in DropoutSites.Of(module))
        {
            site.Position = site.Position with { Step = 0 };
        }

        return of.Run(module, input);
    }

    /// <summary>Everything that has a gradient: parameters, and the input unless it is tokens.</summary>
    protected static Tensor[] Leaves(nn.Module module, Tensor input) =>
        [.. module.parameters(), .. input.is_floating_point() ? [input.requires_grad_(true)] : Array.Empty<Tensor>()];

    protected static IEnumerable<uint> Steps(nn.Module module) => DropoutSites.Of(module).Select(entry => entry.Site.Position.Step);

    /// <summary>That two float64 results differ by rounding only.</summary>
    protected static void AssertNear(Tensor expected, Tensor actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.True((expected - actual).abs().le(tolerance * (1 + expected.abs())).all().item<bool>(), $"expected {expected.jlstr()}\nreceived {actual.jlstr()}");
    }
}
