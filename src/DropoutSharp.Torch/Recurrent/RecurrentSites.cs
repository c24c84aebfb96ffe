using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Masks of the chains of a recurrent network: each chain has a stretch of the mask's elements of its own.</summary>
internal static class RecurrentSites
{
    // No chain's mask is as long: 2⁴⁰ elements.
    private const int ChainBits = 40;

    /// <summary>The masks of all chains as one bool tensor of shape (chains, …) on the CPU, true where an element is kept.</summary>
    /// <param name="draw">The draw of this pass; a mask that it gives is used.</param>
    /// <param name="chains">The number of chains.</param>
    /// <param name="shape">A chain's mask.</param>
    /// <param name="hasRows">Whether the first of the mask's dimensions counts rows.</param>
    public static Tensor Masks(SiteDraw draw, int chains, long[] shape, bool hasRows)
    {
        if (draw.Mask is Tensor given)
        {
            long[] whole = [chains, .. shape];
            return given.dtype == ScalarType.Bool && TensorMemory.Shape(given).AsSpan().SequenceEqual(whole)
                ? given.cpu()
                : throw new ArgumentException(
                    $"Mask must be a bool tensor of shape [{string.Join(", ", whole)}]; received {given.dtype} of shape [{string.Join(", ", given.shape)}].");
        }

        using DisposeScope scope = NewDisposeScope();
        return stack(Enumerable.Range(0, chains).Select(chain => Mask(draw, chain, shape, hasRows))).MoveToOuterDisposeScope();
    }

    /// <summary>The mask of one chain as a bool tensor on the CPU, true where an element is kept.</summary>
    public static Tensor Mask(SiteDraw draw, int chain, long[] shape, bool hasRows)
    {
        if (!hasRows)
        {
            return MaskedNoise.MaskTensor(draw.Stream, draw.DropRate, shape, (long)chain << ChainBits, CPU);
        }

        long perRow = shape[1..].Aggregate(1L, static (product, size) => checked(product * size));
        if (!draw.IsSharedByRows)
        {
            return MaskedNoise.MaskTensor(draw.Stream, draw.DropRate, shape, ((long)chain << ChainBits) + checked(draw.FirstRow * perRow), CPU);
        }

        using Tensor one = MaskedNoise.MaskTensor(draw.Stream, draw.DropRate, [1, .. shape[1..]], (long)chain << ChainBits, CPU);
        return one.expand(shape).contiguous();
    }

    /// <summary>The masks of all chains in a site's latest draw, one element a row and more; null before the first.</summary>
    public static Tensor? Latest(DropoutSite site, int chains, long[]? shape) =>
        shape is null ? null : site.LatestMask(draw => Masks(draw, chains, shape, hasRows: true));

    /// <summary>Where a chain's mask begins.</summary>
    public static long FirstElement(int chain) => (long)chain << ChainBits;

    /// <summary>Refuses masks whose chains have different shapes.</summary>
    public static void CheckGiven(SiteDraw draw, bool sameShape)
    {
        if (draw.Mask is not null && !sameShape)
        {
            throw new ArgumentException("Masks of inputs can only be given where all layers have inputs of one size; set the site's position instead.");
        }
    }
}
