using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Paths;

public sealed class LayerDropTests : TensorTests
{
    [Fact]
    public void Forward_Training_RunsKeptLayersInOrder()
    {
        const int Depth = 12, Steps = 300;
        using var chain = new LayerDrop(Layers(Depth), 0.3, seed: 1);
        long kept = 0;
        for (int step = 0; step < Steps; step++)
        {
            Tensor output = chain.forward(zeros(1));
            long expected = 0;
            bool[] mask = chain.CurrentMask!.data<bool>().ToArray();
            for (int layer = 0; layer < Depth; layer++)
            {
                expected += mask[layer] ? 1L << layer : 0;
                kept += mask[layer] ? 1 : 0;
            }

            Assert.Equal(expected, output.item<float>());
        }

        Assert.InRange(kept / (double)(Depth * Steps), 0.7 - FiveSigma(0.7, Depth * Steps), 0.7 + FiveSigma(0.7, Depth * Steps));
    }

    [Fact]
    public void Forward_Evaluation_RunsAllUnscaled()
    {
        using var chain = new LayerDrop(Layers(5), 0.9);
        chain.eval();
        Assert.Equal(31, chain.forward(zeros(1)).item<float>());
        Assert.Null(chain.CurrentMask);
    }

    [Fact]
    public void Forward_EndsOfTheRateAndGivenMasks_AreObeyed()
    {
        using LayerDrop none = new(Layers(4), 0), all = new(Layers(4), 1), empty = new([], 0.5);
        Tensor input = zeros(1);
        Assert.Equal(15, none.forward(input).item<float>());
        Assert.Equal(0, all.forward(input).item<float>());
        Assert.Equal(0, empty.forward(input).item<float>());
        using (none.Site.Use(tensor(new[] { true, false, false, true })))
        {
            Assert.Equal(9, none.forward(input).item<float>());
        }

        using (none.Site.Use(tensor(new[] { true })))
        {
            Assert.Throws<ArgumentException>(() => none.forward(input));
        }
    }

    [Fact]
    public void StateDict_Loaded_GoesOnWithTheSameLayers()
    {
        using LayerDrop a = new(Layers(20), 0.5, seed: 1), b = new(Layers(20), 0.5, seed: 2);
        a.forward(zeros(1));
        b.load_state_dict(a.state_dict());
        AssertEqual(a.forward(zeros(1)), b.forward(zeros(1)));
    }

    [Fact]
    public void LayersOfDepth_HalfOrNone_AreEvenlySpread()
    {
        using var chain = new LayerDrop(Layers(6), 0.2);
        Assert.Equal([0, 2, 4], chain.LayersOfDepth(3));
        Assert.Equal([0, 1, 2, 3, 4, 5], chain.LayersOfDepth(6));
        Assert.Empty(chain.LayersOfDepth(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => chain.LayersOfDepth(7));
    }

    private static IEnumerable<nn.Module<Tensor, Tensor>> Layers(int depth) =>
        Enumerable.Range(0, depth).Select(layer => new Adding(1 << layer));

    private sealed class Adding(float amount) : nn.Module<Tensor, Tensor>(nameof(Adding))
    {
        public override Tensor forward(Tensor input) => input + amount;
    }
}
