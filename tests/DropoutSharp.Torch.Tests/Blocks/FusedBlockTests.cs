using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Blocks;

/// <summary>Residual blocks compute a last dropout with the sum, and an activation with the dropout behind it: results are those of the layers one after the other.</summary>
public sealed class FusedBlockTests : TensorTests
{
    [Fact]
    public void Residual_LastDropout_GivesTheSumBitForBitAndTakesOneStep()
    {
        Dropout first = new(0.3, seed: 4), second = new(0.3, seed: 4);
        using Residual fused = new(nn.Sequential(nn.Identity(), first)), apart = new(nn.Sequential(nn.Identity(), new Alone(second)));
        Tensor input = randn(40, 30).requires_grad_(true), other = input.detach().clone().requires_grad_(true), weights = randn(40, 30);
        for (int step = 0; step < 3; step++)
        {
            Tensor mine = fused.call(input), theirs = apart.call(other);
            AssertEqual(theirs, mine);
            AssertEqual(second.CurrentMask!, first.CurrentMask!);
            (mine * weights).sum().backward();
            (theirs * weights).sum().backward();
            AssertEqual(other.grad!, input.grad!);
        }

        Assert.Equal(3u, first.Position.Step);
        fused.eval();
        AssertEqual(input + input, fused.call(input));
    }

    [Fact]
    public void Residual_ShortcutAndLayerThatChangesTheShape_AreAddedAsTheyAre()
    {
        Dropout first = new(0.3, seed: 4), second = new(0.3, seed: 4);
        var dense = nn.Linear(6, 1);
        using Residual fused = new(nn.Sequential(dense, first), nn.Linear(6, 5)), apart = new(nn.Sequential(dense, new Alone(second)), fused.Shortcut);
        Tensor input = randn(7, 6);
        AssertEqual(apart.call(input), fused.call(input)); // (7, 1) broadcasts to (7, 5)
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void TransformerBlock_FusedSites_GiveWhatLayersByThemselvesGive(double rate)
    {
        Dropout[] mine = [.. Enumerable.Range(0, 3).Select(site => new Dropout(rate, seed: 9, site: (uint)site))];
        Dropout[] theirs = [.. Enumerable.Range(0, 3).Select(site => new Dropout(rate, seed: 9, site: (uint)site))];
        TransformerBlock fused = Block(mine), apart = Block([.. theirs.Select(static dropout => new Alone(dropout))]);
        foreach ((Tensor from, Tensor to) in fused.parameters().Zip(apart.parameters()))
        {
            using (no_grad())
            {
                to.copy_(from);
            }
        }

        Tensor input = randn(3, 10, 16).requires_grad_(true), other = input.detach().clone().requires_grad_(true), weights = randn(3, 10, 16);
        Tensor output = fused.call(input), expected = apart.call(other);
        (output * weights).sum().backward();
        (expected * weights).sum().backward();

        AssertClose(expected, output, 1e-5);
        AssertClose(other.grad!, input.grad!, 1e-5);
        foreach ((Tensor a, Tensor b) in fused.parameters().Zip(apart.parameters()))
        {
            AssertClose(b.grad!, a.grad!, 1e-4);
        }

        foreach ((Dropout a, Dropout b) in mine.Zip(theirs))
        {
            AssertEqual(b.CurrentMask!, a.CurrentMask!);
            Assert.Equal(1u, a.Position.Step);
        }
    }

    private static TransformerBlock Block(nn.Module<Tensor, Tensor>[] sites) =>
        new(16, 2, 40, new TransformerBlockOptions { AttentionOutputDropout = sites[0], HiddenDropout = sites[1], OutputDropout = sites[2] });

    /// <summary>A layer that nothing is fused with.</summary>
    private sealed class Alone : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _layer;

        public Alone(nn.Module<Tensor, Tensor> layer)
            : base(nameof(Alone)) => register_module("layer", _layer = layer);

        public override Tensor forward(Tensor input) => _layer.call(input);
    }
}
