using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Blocks;

public sealed class BlockTests : TensorTests
{
    [Theory]
    [InlineData(NormKind.LayerNorm)]
    [InlineData(NormKind.RMSNorm)]
    public void ResidualMlpBlock_Evaluation_IsInputPlusBranch(NormKind norm)
    {
        var block = new ResidualMlpBlock(6, 9, new Dropout(0.5), new PathOptions(0.5), norm);
        block.eval();
        Tensor input = randn(4, 6);
        AssertClose(input + ((StochasticDepth)block.Path).Branch.call(input), block.forward(input));
        Assert.Equal(2, DropoutSites.Of(block).Count);
        Assert.IsType<Residual>(new ResidualMlpBlock(6, 9).Path);
    }

    [Theory]
    [InlineData(1, 8, 8)]
    [InlineData(2, 8, 4)]
    public void ResNetBlock_AnyStride_GivesTheShapeOfItsStride(int stride, int size, int expected)
    {
        foreach (StochasticDepthMode mode in Enum.GetValues<StochasticDepthMode>())
        {
            var block = new ResNetBlock(4, 6, stride, new DropBlock2d(0.2, 3, seed: 1), new PathOptions(0.5, mode, Seed: 1));
            Tensor input = randn(5, 4, size, size);
            Assert.Equal([5, 6, expected, expected], block.forward(input).shape);
            block.forward(input).sum().backward();
        }

        Assert.Null(((Residual)new ResNetBlock(4, 4).Path).Shortcut);
    }

    [Theory]
    [InlineData(NormKind.LayerNorm, false)]
    [InlineData(NormKind.RMSNorm, true)]
    public void TransformerBlock_AllItsDropouts_DrawInTrainingOnly(NormKind norm, bool isCausal)
    {
        var block = new TransformerBlock(8, 2, 16, new TransformerBlockOptions
        {
            AttentionDropout = new AttentionDropout(0.2),
            AttentionOutputDropout = new Dropout(0.2),
            HiddenDropout = new Dropout(0.2),
            OutputDropout = new Dropout(0.2),
            Path = new PathOptions(0.2, StochasticDepthMode.Subset, Seed: 1),
            Norm = norm,
            IsCausal = isCausal,
        });
        Tensor input = randn(16, 5, 8);
        Assert.Equal([16, 5, 8], block.forward(input).shape);
        Assert.Equal(6, DropoutSites.Of(block).Count);
        Assert.All(DropoutSites.Of(block), site => Assert.Equal(1u, site.Site.Position.Step));
        block.eval();
        AssertEqual(block.forward(input), block.forward(input));
    }

    [Fact]
    public void SelfAttention_Causal_DoesNotLookAhead()
    {
        var attention = new SelfAttention(8, 2, isCausal: true);
        Tensor input = randn(2, 5, 8), changed = input.clone();
        changed[.., 3..] = randn(2, 2, 8);
        AssertClose(attention.forward(input)[.., ..3], attention.forward(changed)[.., ..3]);
        Assert.Throws<ArgumentException>(() => new SelfAttention(8, 3));
    }

    [Fact]
    public void SelfAttention_NoDropout_IsTheExplicitFormula()
    {
        var plain = new SelfAttention(8, 2);
        var never = new SelfAttention(8, 2, new AttentionDropout(0));
        never.load_state_dict(plain.state_dict(), strict: false);
        Tensor input = randn(2, 5, 8);
        AssertClose(never.forward(input), plain.forward(input), 1e-5);
        Assert.Empty(DropoutSites.Of(plain));
    }

    [Fact]
    public void RMSNorm_Rows_HaveRootMeanSquareOne()
    {
        var norm = new RMSNorm(16, 0);
        Tensor output = norm.forward(randn(4, 16) * 7);
        AssertClose(ones(4), output.square().mean([1]));
        Assert.Equal(ScalarType.BFloat16, ((RMSNorm)norm.to(ScalarType.BFloat16)).forward(ones([2, 16], ScalarType.BFloat16)).dtype);
    }
}
