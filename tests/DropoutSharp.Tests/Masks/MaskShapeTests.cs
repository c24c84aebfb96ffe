using CsCheck;

namespace DropoutSharp.Tests.Masks;

public sealed class MaskShapeTests
{
    [Fact]
    public void MaskElement_AnyShape_IsBroadcastingByHand()
    {
        Gen<(int Size, bool Own)[]> dimensions = Gen.Select(Gen.Int[1, 4], Gen.Bool).Array[0, 5];
        dimensions.Sample(dims =>
        {
            long[] input = [.. dims.Select(d => (long)d.Size)], mask = [.. dims.Select(d => d.Own ? 0L : 1L)];
            var shape = new MaskShape(input, mask);
            long elements = input.Aggregate(1L, (a, b) => a * b);
            Assert.Equal(elements, shape.InputElements);
            Assert.Equal(dims.Aggregate(1L, (a, d) => a * (d.Own ? d.Size : 1)), shape.MaskElements);
            for (long element = 0; element < elements; element++)
            {
                long rest = element, expected = 0, stride = 1;
                for (int i = dims.Length - 1; i >= 0; i--)
                {
                    if (dims[i].Own)
                    {
                        expected += rest % dims[i].Size * stride;
                        stride *= dims[i].Size;
                    }

                    rest /= dims[i].Size;
                }

                Assert.Equal(expected, shape.MaskElement(element));
            }
        });
    }

    [Fact]
    public void Constructor_SpatialMask_IsOneRunAMap()
    {
        var shape = new MaskShape([8, 16, 7, 7], [0, 0, 1, 1]);

        Assert.Equal([8, 16, 1, 1], shape.Shape);
        Assert.Equal(128, shape.MaskElements);
        Assert.Equal(49, shape.RunLength);
        Assert.Equal(2, shape.Levels.Length);
    }

    [Fact]
    public void Constructor_FewerDimensions_AreAlignedAtTheEnd()
    {
        var shape = new MaskShape([8, 16], [0]);

        Assert.Equal([1, 16], shape.Shape);
        Assert.Equal(5, shape.MaskElement(21));
    }

    [Fact]
    public void Along_NegativeDimension_CountsFromTheEnd() => Assert.Equal([2, 1, 5], MaskShape.Along([2, 3, 5], 0, -1).Shape);

    [Fact]
    public void Constructor_EmptyInput_HasNoElements()
    {
        var shape = new MaskShape([0, 3], [1, 0]);

        Assert.Equal(0, shape.InputElements);
        Assert.Equal(0, shape.MaskElements);
        Assert.Throws<ArgumentOutOfRangeException>(() => shape.MaskElement(0));
    }

    [Fact]
    public void Constructor_Scalar_HasOneElement() => Assert.Equal(0, new MaskShape([], []).MaskElement(0));

    [Fact]
    public void Constructor_SizeThatDoesNotBroadcast_IsRefusedWithBothShapes()
    {
        string message = Assert.Throws<ArgumentException>(() => new MaskShape([4, 6], [2, 0])).Message;

        Assert.Contains("(4, 6)", message);
        Assert.Contains("(2, 0)", message);
        Assert.Throws<ArgumentException>(() => new MaskShape([4], [0, 0]));
        Assert.Throws<ArgumentException>(() => new MaskShape([4], [-1]));
        Assert.Throws<ArgumentException>(() => MaskShape.Along([4], 1));
    }
}
