using DropoutSharp.Lab.Claims;
using DropoutSharp.Torch;
using TorchSharp;

namespace DropoutSharp.Lab.Tests.Numbers;

/// <summary>No number of ours can be collected while libtorch reads it, which several torch threads at once would sooner or later meet.</summary>
public class ScalarLifetimesTests
{
    private static readonly ScalarLifetimes Lifetimes = new(typeof(torch).Assembly.Location);

    [Fact]
    public void Dangerous_OperatorsOfTorchSharp_AreFound()
    {
        // The sum of two tensors makes a factor 1, the product with a number makes that number; the product of two tensors makes none.
        Assert.Contains("torch.Tensor::op_Addition(torch.Tensor,torch.Tensor)", Lifetimes.Dangerous);
        Assert.Contains("torch.Tensor::op_Multiply(torch.Tensor,Double)", Lifetimes.Dangerous);
        Assert.Contains("torch.Tensor::square()", Lifetimes.Dangerous);
        Assert.DoesNotContain("torch.Tensor::op_Multiply(torch.Tensor,torch.Tensor)", Lifetimes.Dangerous);
        Assert.DoesNotContain("torch.Tensor::mul(Scalar)", Lifetimes.Dangerous);
    }

    [Theory]
    [InlineData(typeof(Dropout))]
    [InlineData(typeof(ClaimCatalog))]
    public void LooseIn_OurAssemblies_None(Type inAssembly) => Assert.Empty(Lifetimes.LooseIn(inAssembly.Assembly.Location));

    [Fact]
    public void LooseIn_ThisAssembly_FindsWhatIsLoose()
    {
        Assert.Contains(Lifetimes.LooseIn(typeof(ScalarLifetimesTests).Assembly.Location), found => found.Contains(nameof(SumLoosely), StringComparison.Ordinal));
        Assert.DoesNotContain(Lifetimes.LooseIn(typeof(ScalarLifetimesTests).Assembly.Location), found => found.Contains(nameof(ScaleHeld), StringComparison.Ordinal));
        using var scope = torch.NewDisposeScope();
        Assert.Equal(5, ScaleHeld(SumLoosely(torch.tensor(2f), torch.tensor(0.5f))).item<float>());
    }

    private static torch.Tensor SumLoosely(torch.Tensor a, torch.Tensor b) => a + b;

    private static torch.Tensor ScaleHeld(torch.Tensor a)
    {
        using Scalar two = 2;
        return a.mul(two);
    }
}
