namespace DropoutSharp.Tests.Masks;

public sealed class MaskStreamVectorTests
{
    [Fact]
    public void Vectors_AreThere()
    {
        Assert.NotEmpty(MaskStreamVectors.Masks);
        Assert.NotEmpty(MaskStreamVectors.Reals);
        Assert.NotEmpty(MaskStreamVectors.DerivedKeys);
    }

    [Fact]
    public void IsKept_Vectors_GivesTheirMasks()
    {
        foreach (MaskStreamVectors.Mask mask in MaskStreamVectors.Masks)
        {
            string kept = string.Concat(Enumerable.Range(0, mask.Kept.Length)
                .Select(i => mask.Stream.IsKept(mask.First + i, mask.DropRate) ? '1' : '0'));

            Assert.Equal(mask.Kept, kept);
        }
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal unsafe void FillKept_Vectors_GivesTheirMasksAtEveryWidth(VectorWidth width)
    {
        foreach (MaskStreamVectors.Mask mask in MaskStreamVectors.Masks)
        {
            byte[] kept = new byte[mask.Kept.Length];
            fixed (byte* target = kept)
            {
                MaskDriver.Run(
                    mask.Stream, mask.DropRate.KeepThreshold, mask.First, kept.Length, new KeptBytes(target), width, Widths.OneThread);
            }

            Assert.Equal(mask.Kept, string.Concat(kept));
        }
    }

    [Fact]
    public void Uniform_Vectors_GivesTheirNumbersExactly()
    {
        foreach (MaskStreamVectors.Real real in MaskStreamVectors.Reals)
        {
            Assert.Equal(real.Uniform, real.Stream.Uniform(real.Element));
        }
    }

    [Fact]
    public void Normal_Vectors_GivesTheirNumbers()
    {
        foreach (MaskStreamVectors.Real real in MaskStreamVectors.Reals)
        {
            // Logarithm, sine and cosine of two C libraries may differ in the last place of a double, 2⁻⁵² of the number.
            Assert.Equal(1, real.Stream.Normal(real.Element) / real.Normal, 4 * Math.ScaleB(1, -52));
        }
    }

    [Fact]
    public void DeriveKey_Vectors_GivesTheirKeys()
    {
        foreach (MaskStreamVectors.Derived derived in MaskStreamVectors.DerivedKeys)
        {
            Assert.Equal(derived.Answer, MaskStream.DeriveKey(derived.Key, derived.Tag));
        }
    }
}
