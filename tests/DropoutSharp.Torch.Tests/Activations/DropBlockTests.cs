using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Activations;

public sealed class DropBlockTests : TensorTests
{
    public static TheoryData<int, int, double> MapsBlocksRates
    {
        get
        {
            var data = new TheoryData<int, int, double>();
            foreach (int map in new[] { 7, 8, 14, 28, 56 })
            {
                foreach (int block in new[] { 2, 3, 7, 8 })
                {
                    foreach (double dropRate in new[] { 0.1, 0.5, 0.9 })
                    {
                        data.Add(map, block, dropRate);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(MapsBlocksRates))]
    public void Forward_Maps_LosesTheShareThatWasAskedFor(int map, int block, double dropRate)
    {
        const int Maps = 512;
        using var layer = new DropBlock2d(dropRate, block, seed: 1);
        Tensor output = layer.forward(ones(32, Maps / 32, map, map));

        // The kept share of one map lies in [0, 1] with mean 1 − r, so that its variance is at most r(1 − r); maps are independent.
        Assert.InRange(KeptShare(output), 1 - dropRate - FiveSigma(dropRate, Maps), 1 - dropRate + FiveSigma(dropRate, Maps));
    }

    [Theory]
    [InlineData(3, 0.1)]
    [InlineData(4, 0.5)]
    public void Forward_VolumesAndWideMaps_LoseTheShareThatWasAskedFor(int block, double dropRate)
    {
        using var volumes = new DropBlock3d(dropRate, [2, block, block], seed: 1);
        using var wide = new DropBlock2d(dropRate, block, seed: 1);
        double bound = FiveSigma(dropRate, 512); // as above
        Assert.InRange(KeptShare(volumes.forward(ones([32, 16, 4, 9, 20]))), 1 - dropRate - bound, 1 - dropRate + bound);
        Assert.InRange(KeptShare(wide.forward(ones(32, 16, 5, 130))), 1 - dropRate - bound, 1 - dropRate + bound);
    }

    [Fact]
    public void Forward_Volumes_AreTheMapsMasks()
    {
        using var layer = new DropBlock3d(0.3, [2, 3, 4], seed: 1);
        MaskStream position = layer.Position;
        Tensor output = layer.forward(ones([2, 3, 4, 5, 70]));
        var mask = new BlockMask([4, 5, 70], [2, 3, 4], 0.3);
        var kept = new bool[mask.Cells];
        for (int map = 0; map < 6; map++)
        {
            mask.Fill(position, map, kept);
            Assert.Equal(kept, output.reshape(6, -1)[map].ne(0).data<bool>().ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Forward_ChannelsLastAndStrided_IsChannelsFirst(int axes)
    {
        foreach (bool share in new[] { false, true })
        {
            using DropoutModule first = Create(axes, new DropBlockOptions(ShareChannels: share));
            using DropoutModule strided = Create(axes, new DropBlockOptions(ShareChannels: share));
            using DropoutModule last = Create(axes, new DropBlockOptions(ShareChannels: share, ChannelsLast: true));
            Tensor input = randn([4, 6, .. Enumerable.Repeat(7L, axes)]);
            Tensor expected = first.forward(input);
            Tensor permuted = input.movedim([1L], [-1L]).contiguous();

            AssertEqual(expected, strided.forward(permuted.movedim([-1L], [1L])));
            if (!share)
            {
                AssertEqual(expected, last.forward(permuted).movedim([-1L], [1L]));
            }

            AssertEqual(last.forward(permuted), last.forward(permuted, last.CurrentMask!));
        }
    }

    [Fact]
    public void Forward_SharedChannels_LoseTheSameCells()
    {
        using var layer = new DropBlock2d(0.3, 3, new DropBlockOptions(ShareChannels: true), seed: 1);
        Tensor output = layer.forward(ones(5, 8, 9, 9));
        AssertEqual(output.select(1, 0).unsqueeze(1).expand_as(output), output);
        Assert.Equal([5, 1, 9, 9], layer.CurrentMask!.shape);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Forward_SharedSamples_LoseTheFirstSamplesCells(bool channelsLast, bool shareChannels)
    {
        var options = new DropBlockOptions(shareChannels, ChannelsLast: channelsLast);
        using var own = new DropBlock2d(0.3, 3, options, seed: 1);
        using var shared = new DropBlock2d(0.3, 3, options with { ShareSamples = true }, seed: 1);
        Tensor input = randn(5, 9, 9, 9), output = shared.forward(input);
        Tensor first = own.forward(ones_like(input)).narrow(0, 0, 1);
        AssertEqual(first * input, output);
        Assert.Equal(shareChannels ? (channelsLast ? [1, 9, 9, 1] : [1, 1, 9, 9]) : [1, 9, 9, 9], shared.CurrentMask!.shape);
        AssertEqual(shared.CurrentMask!.expand_as(first), first.ne(0));

        // Any part of a batch has the batch's mask, and so has a map without a batch.
        MaskStream position = shared.Position with { Step = 0 };
        AssertEqual(output[0], shared.forward(input[0], position));
        using (shared.Site.Sample(new SiteSampling(position, FirstRow: 2)))
        {
            AssertEqual(output.narrow(0, 2, 3), shared.forward(input.narrow(0, 2, 3)));
        }
    }

    [Fact]
    public void Forward_SharedSamplesScaledByKeptShare_KeepsTheSumOfAConstant()
    {
        using var layer = new DropBlock2d(0.3, 3, new DropBlockOptions(ScaleByKeptShare: true, ShareSamples: true), seed: 1);
        Tensor input = ones([4, 4, 9, 9], ScalarType.Float64), output = layer.forward(input);
        Assert.Equal(input.numel(), output.sum().item<double>(), 1e-9);
        AssertEqual(output, layer.forward(input, layer.CurrentMask!));
    }

    [Fact]
    public void Forward_SharedSamplesFilledWithNoise_HaveOneNoise()
    {
        using var layer = new DropBlock2d(0.3, 3, new DropBlockOptions(FillWithNoise: true, ShareSamples: true), seed: 1);
        Tensor input = ones(3, 4, 9, 9), output = layer.forward(input);
        AssertEqual(output.narrow(0, 0, 1).expand_as(output), output);
        Assert.True(output.ne(1).any().item<bool>());
        AssertEqual(output, layer.forward(input, layer.CurrentMask!));
    }

    [Fact]
    public void Forward_ScaleByKeptShare_KeepsTheSumOfAConstant()
    {
        using var layer = new DropBlock2d(0.3, 3, new DropBlockOptions(ScaleByKeptShare: true), seed: 1);
        Tensor input = ones([2, 4, 9, 9], ScalarType.Float64);
        for (int step = 0; step < 10; step++)
        {
            Tensor output = layer.forward(input);
            Assert.Equal(input.numel(), output.sum().item<double>(), 1e-9);
            AssertEqual(output, layer.forward(input, layer.CurrentMask!));
        }
    }

    [Fact]
    public void Forward_ClassicScaling_HasTheSameExpectation()
    {
        using var layer = new DropBlock2d(0.3, 3, new DropBlockOptions(Scaling: Scaling.AtInference), seed: 1);
        Tensor training = layer.forward(ones(64, 32, 9, 9));
        layer.eval();
        Tensor evaluation = layer.forward(ones(1, 1, 9, 9));
        Assert.Equal(0.7, evaluation.mean().item<float>(), 1e-6);
        Assert.InRange(training.mean().item<float>(), 0.7 - FiveSigma(0.7, 2048), 0.7 + FiveSigma(0.7, 2048));
    }

    [Fact]
    public void Forward_MapSmallerThanTheBlock_Works()
    {
        using var layer = new DropBlock2d(0.25, 7, seed: 1);
        Tensor output = layer.forward(ones(4096, 1, 2, 3));
        Assert.InRange(KeptShare(output), 0.75 - FiveSigma(0.75, 4096), 0.75 + FiveSigma(0.75, 4096));
    }

    [Fact]
    public void Backward_Float64_IsTheForwardMask()
    {
        using var layer = new DropBlock2d(0.4, 3, seed: 1);
        Tensor input = randn([2, 3, 6, 6], ScalarType.Float64).requires_grad_(true);
        AssertGradients(() => layer.forward(input, new MaskStream(5)), input);
        using var shared = new DropBlock2d(0.4, 3, new DropBlockOptions(ShareSamples: true), seed: 1);
        AssertGradients(() => shared.forward(input, new MaskStream(5)), input);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_FilledWithNoise_KeepsTheOthersAndFillsWithUnitNormals(bool channelsLast)
    {
        using var filled = new DropBlock2d(0.5, 3, new DropBlockOptions(ChannelsLast: channelsLast, FillWithNoise: true), seed: 1);
        using var plain = new DropBlock2d(0.5, 3, new DropBlockOptions(ChannelsLast: channelsLast), seed: 1);
        Tensor input = full([100, 10, 10, 100], 7, ScalarType.Float64);
        Tensor output = filled.forward(input), kept = plain.forward(input).ne(0);
        AssertEqual(kept, filled.CurrentMask!.expand_as(kept));
        AssertEqual(kept, output.eq(7));
        Tensor noise = output[kept.logical_not()];
        double count = noise.numel();

        // Independent unit normals: their mean has the variance 1/n, their mean square 2/n.
        Assert.True(count > 4e5);
        Assert.InRange(noise.mean().item<double>(), -5 / Math.Sqrt(count), 5 / Math.Sqrt(count));
        Assert.InRange(noise.square().mean().item<double>(), 1 - (5 * Math.Sqrt(2 / count)), 1 + (5 * Math.Sqrt(2 / count)));
        Assert.True(filled.forward(input)[kept.logical_not()].ne(noise).any().item<bool>());
    }

    [Fact]
    public void Forward_FilledPartOfABatch_IsThatPartOfTheWhole()
    {
        using var layer = new DropBlock2d(0.5, 3, new DropBlockOptions(FillWithNoise: true), seed: 1);
        Tensor input = randn(6, 4, 5, 5), whole = layer.forward(input, new MaskStream(9));
        using (layer.Site.Sample(new SiteSampling(new MaskStream(9), FirstRow: 2)))
        {
            AssertEqual(whole.narrow(0, 2, 3), layer.forward(input.narrow(0, 2, 3)));
        }

        using (layer.Site.Sample(new SiteSampling(new MaskStream(9), IsSharedByRows: true)))
        {
            Tensor output = layer.forward(zeros(3, 4, 5, 5));
            AssertEqual(output.narrow(0, 0, 1).expand_as(output), output);
        }
    }

    [Fact]
    public void Constructor_BadOptions_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new DropBlock2d(0.1, 3, new DropBlockOptions(ScaleByKeptShare: true, FillWithNoise: true)));
        Assert.Throws<ArgumentException>(() => new DropBlock2d(0.1, 3, new DropBlockOptions(Scaling: Scaling.AtInference, FillWithNoise: true)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DropBlock2d(0.1, 3, new DropBlockOptions(Scaling: Scaling.None)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DropBlock2d(0.1, 0));
        Assert.Throws<ArgumentException>(() => new DropBlock2d(0.1, [3, 3, 3]));
        Assert.Throws<ArgumentException>(() => new DropBlock2d(0.1, 3, new DropBlockOptions(ScaleByKeptShare: true, Scaling: Scaling.AtInference)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DropBlock2d(0.1, 3, new DropBlockOptions(Scaling: (Scaling)9)));
    }

    [Fact]
    public void Functional_Forms_AreTheModules()
    {
        var options = new DropBlockOptions(ShareSamples: true);
        MaskStream stream = new(7, 3, 2);
        Tensor rows = randn(2, 3, 40), maps = randn(2, 3, 6, 6), volumes = randn([2, 3, 4, 6, 6]);
        using DropBlock1d one = new(0.3, 3), oneShared = new(0.3, 3, options);
        using DropBlock2d two = new(0.3, 3), twoUneven = new(0.3, [1, 3], options);
        using DropBlock3d three = new(0.3, 3), threeUneven = new(0.3, [1, 3, 2], options);
        AssertEqual(one.forward(rows, stream), DropoutFunctional.drop_block1d(rows, 0.3, 3, stream));
        AssertEqual(oneShared.forward(rows, stream), DropoutFunctional.drop_block1d(rows, 0.3, 3, stream, options));
        AssertEqual(two.forward(maps, stream), DropoutFunctional.drop_block2d(maps, 0.3, 3, stream));
        AssertEqual(twoUneven.forward(maps, stream), DropoutFunctional.drop_block2d(maps, 0.3, [1, 3], stream, options));
        AssertEqual(three.forward(volumes, stream), DropoutFunctional.drop_block3d(volumes, 0.3, 3, stream));
        AssertEqual(threeUneven.forward(volumes, stream), DropoutFunctional.drop_block3d(volumes, 0.3, [1, 3, 2], stream, options));
        AssertEqual(rows, DropoutFunctional.drop_block1d(rows, 0.3, 3, stream, training: false));
        AssertEqual(maps, DropoutFunctional.drop_block2d(maps, 0.3, 3, stream, training: false));
        AssertEqual(volumes, DropoutFunctional.drop_block3d(volumes, 0.3, 3, stream, training: false));
        Assert.Throws<ArgumentException>(() => DropoutFunctional.drop_block1d(maps, 0.3, 3, stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutFunctional.drop_block1d(rows, 0.3, 0, stream));
        Assert.Throws<ArgumentException>(() => DropoutFunctional.drop_block2d(maps, 0.3, [3, 3, 3], stream));
    }

    private static DropoutModule Create(int axes, DropBlockOptions options) => axes switch
    {
        1 => new DropBlock1d(0.3, 3, options, seed: 1),
        2 => new DropBlock2d(0.3, 3, options, seed: 1),
        _ => new DropBlock3d(0.3, 3, options, seed: 1),
    };
}
