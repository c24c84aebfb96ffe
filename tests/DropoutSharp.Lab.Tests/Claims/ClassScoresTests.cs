using DropoutSharp.Lab.Claims;
using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Tests.Claims;

public sealed class ClassScoresTests
{
    [Fact]
    public void Of_KnownProbabilities_AreTheFormulas()
    {
        using var scope = NewDisposeScope();

        ClassScores scores = ClassScores.Of(tensor(new[] { 0.8, 0.2, 0.4, 0.6 }).reshape(2, 2), tensor(new long[] { 0, 0 }));

        Assert.Equal(50, scores.Error, 1e-9);
        Assert.Equal(-(Math.Log(0.8) + Math.Log(0.4)) / 2, scores.Nll, 1e-9);
    }

    [Fact]
    public void Passes_Model_DrawsFreshMasksAndLeavesThePosition()
    {
        using var scope = NewDisposeScope();
        var drop = new Dropout(0.5, seed: 4);
        var model = nn.Sequential(("drop", drop), ("linear", nn.Linear(6, 3)));
        model.eval();
        MaskStream position = drop.Position;

        Tensor[] passes = [.. ClassScores.Passes(model, ones(4, 6), 2, 9)];

        Assert.False(passes[0].allclose(passes[1]));
        Assert.Equal(position, drop.Position);
        Assert.True(ClassScores.Probabilities(model, ones(4, 6)).allclose(ClassScores.Probabilities(model, ones(4, 6)))); // off again
    }
}
