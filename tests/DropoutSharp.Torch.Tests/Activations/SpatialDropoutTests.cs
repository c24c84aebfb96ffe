using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Activations;

public sealed class SpatialDropoutTests : TensorTests
{
    public static TheoryData<int, bool> Forms => new() { { 1, false }, { 2, false }, { 3, false }, { 1, true }, { 2, true }, { 3, true } };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Forward_Training_DropsWholeMaps(int axes, bool channelsLast)
    {
        using DropoutModule layer = Create(axes, channelsLast);
        long[] map = [.. Enumerable.Repeat(5L, axes)];
        long[] shape = channelsLast ? [400, .. map, 25] : [400, 25, .. map];
        Tensor output = layer.forward(ones(shape));
        Tensor maps = channelsLast ? output.movedim([-1L], [1L]) : output;
        Tensor perMap = maps.reshape(400, 25, -1);

        AssertEqual(perMap.amin(2), perMap.amax(2));
        Assert.Equal([0f, 1 / 0.7f], perMap.flatten().unique().output.data<float>().ToArray().Order());
        Assert.InRange(KeptShare(output), 0.7 - FiveSigma(0.7, 400 * 25), 0.7 + FiveSigma(0.7, 400 * 25));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Forward_Unbatched_IsTheBatchOfOne(int axes, bool channelsLast)
    {
        using DropoutModule a = Create(axes, channelsLast), b = Create(axes, channelsLast);
        Tensor input = randn([.. Enumerable.Repeat(6L, axes + 1)]);
        AssertEqual(a.forward(input.unsqueeze(0)).squeeze(0), b.forward(input));
    }

    [Fact]
    public void Forward_ChannelsLast_HasTheMaskOfChannelsFirst()
    {
        using DropoutModule first = Create(2, false), last = Create(2, true);
        Tensor input = randn(4, 8, 3, 5);
        AssertEqual(first.forward(input), last.forward(input.permute(0, 2, 3, 1)).permute(0, 3, 1, 2));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Forward_OtherRanks_AreRefused(int axes, bool channelsLast)
    {
        using DropoutModule layer = Create(axes, channelsLast);
        for (int rank = 0; rank <= 6; rank++)
        {
            Tensor input = ones([.. Enumerable.Repeat(2L, rank)]);
            if (rank == axes + 1 || rank == axes + 2)
            {
                Assert.Equal(input.shape, layer.forward(input).shape);
            }
            else
            {
                Assert.Contains("(N, ", Assert.Throws<ArgumentException>(() => layer.forward(input)).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Forward_SharedByRows_KeepsUnbatchedMapsApart()
    {
        // An unbatched input has no rows: its channels must not share a draw.
        using DropoutModule layer = Create(1, false);
        using IDisposable sampling = layer.Site.Sample(new SiteSampling(new MaskStream(3), IsSharedByRows: true));
        Tensor unbatched = layer.forward(ones(200, 4)), batched = layer.forward(ones(30, 200, 4));

        Assert.InRange(KeptShare(unbatched), 0.7 - FiveSigma(0.7, 200), 0.7 + FiveSigma(0.7, 200));
        AssertEqual(batched[0].expand_as(batched), batched);
    }

    [Fact]
    public void Functional_TwoDimensional_IsTheModule()
    {
        using var layer = new SpatialDropout2d(0.3, seed: 7);
        Tensor input = randn(3, 5, 4, 4);
        AssertEqual(layer.forward(input), DropoutFunctional.dropout2d(input, 0.3, new MaskStream(7)));
        AssertEqual(input, DropoutFunctional.dropout2d(input, 0.3, new MaskStream(7), training: false));
        Assert.Throws<ArgumentException>(() => DropoutFunctional.dropout2d(ones(3, 5), 0.3, new MaskStream(7)));
    }

    private static DropoutModule Create(int axes, bool channelsLast) => axes switch
    {
        1 => new SpatialDropout1d(0.3, channelsLast, seed: 1),
        2 => new SpatialDropout2d(0.3, channelsLast, seed: 1),
        _ => new SpatialDropout3d(0.3, channelsLast, seed: 1),
    };
}
