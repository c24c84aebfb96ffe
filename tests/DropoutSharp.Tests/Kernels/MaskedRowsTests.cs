namespace DropoutSharp.Tests.Kernels;

/// <summary>Masks that have been drawn: every width and every way to hold the mask is the scalar definition, bit for bit.</summary>
public abstract unsafe class MaskedRowsTests<T> : ElementType<T>
    where T : unmanaged
{
    private const int Longest = 256;
    private static readonly MaskStream Stream = new(5, 1, 2);
    private static readonly MaskLaw[] Laws = [new(2.0), new(1.25), new(1), new(3, 1, -1), new(0.5, 0, 7)];

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Row_Bytes_EveryLengthIsTheDefinition(VectorWidth width)
    {
        ForEachLength((x, kept, law, destination) =>
        {
            byte[] bytes = [.. kept.Select((keep, i) => (byte)(keep ? 1 + (i % 255) : 0))];
            fixed (T* source = x, target = destination)
            fixed (byte* mask = bytes)
            {
                MaskedRows.Row(source, target, mask, x.Length, law, width);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Row_Bits_EveryLengthIsTheDefinition(VectorWidth width)
    {
        ForEachLength((x, kept, law, destination) =>
        {
            var bits = new ulong[(x.Length + 63) / 64];
            for (int i = 0; i < x.Length; i++)
            {
                bits[i / 64] |= kept[i] ? 1UL << (i % 64) : 0;
            }

            fixed (T* source = x, target = destination)
            fixed (ulong* mask = bits)
            {
                MaskedRows.Row(source, target, mask, x.Length, law, width);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Run_EveryLengthAndAlignment_IsTheDefinition(VectorWidth width)
    {
        bool[] streaming = typeof(T) == typeof(float) || typeof(T) == typeof(double) ? [false, true] : [false];
        foreach (bool streams in streaming)
        {
            foreach (MaskLaw law in Laws)
            {
                foreach (bool kept in new[] { false, true })
                {
                    for (int length = 0; length <= Longest; length++)
                    {
                        int offset = length % 19;
                        T[] x = Source(length + offset), destination = Source(length + offset + 40), expected = [.. destination];
                        for (int i = 0; i < length; i++)
                        {
                            expected[offset + i] = Expected(x[offset + i], kept, law);
                        }

                        fixed (T* source = x, target = destination)
                        {
                            MaskedRows.Run(source + offset, target + offset, length, kept, law, streams, width);
                        }

                        AssertSameBits(expected, destination, $"{width}, {law}, kept {kept}, streams {streams}, length {length}");
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    internal void Run_Dropped_DoesNotReadTheSource(VectorWidth width)
    {
        var destination = new T[100];
        fixed (T* target = destination)
        {
            MaskedRows.Run(null, target, 100, kept: false, new MaskLaw(2), streams: false, width);
        }

        Assert.All(destination, value => Assert.Equal(default, value));
    }

    private void ForEachLength(Action<T[], bool[], MaskLaw, T[]> run)
    {
        foreach (MaskLaw law in Laws)
        {
            for (int length = 0; length <= Longest; length++)
            {
                T[] x = Source(length), destination = new T[length];
                var kept = new bool[length];
                Stream.FillKept(kept, 0.5);
                run(x, kept, law, destination);
                T[] expected = [.. x.Zip(kept, (value, keep) => Expected(value, keep, law))];
                AssertSameBits(expected, destination, $"{law}, length {length}");
            }
        }
    }

    /// <summary>The law, as the specification of the kernels says: in float (double for double), rounded once.</summary>
    private T Expected(T x, bool kept, MaskLaw law) => !kept ? Convert(law.Dropped)
        : law is { Scale: 1, Offset: 0 } ? x
        : law.Offset == 0 ? Multiply(x, law.Scale)
        : Affine(x, law);

    protected abstract T Affine(T x, MaskLaw law);
}

public sealed class MaskedRowsSingleTests : MaskedRowsTests<float>
{
    protected override float Convert(double value) => (float)value;

    protected override float Multiply(float x, double scale) => x * (float)scale;

    protected override float Affine(float x, MaskLaw law) => (x * (float)law.Scale) + (float)law.Offset;
}

public sealed class MaskedRowsDoubleTests : MaskedRowsTests<double>
{
    protected override double Convert(double value) => value;

    protected override double Multiply(double x, double scale) => x * scale;

    protected override double Affine(double x, MaskLaw law) => (x * law.Scale) + law.Offset;
}

public sealed class MaskedRowsHalfTests : MaskedRowsTests<Half>
{
    protected override Half Convert(double value) => (Half)value;

    protected override Half Multiply(Half x, double scale) => (Half)((float)x * (float)scale);

    protected override Half Affine(Half x, MaskLaw law) => (Half)(((float)x * (float)law.Scale) + (float)law.Offset);
}

public sealed class MaskedRowsBFloat16Tests : MaskedRowsTests<BFloat16>
{
    protected override BFloat16 Convert(double value) => (BFloat16)(float)value;

    protected override BFloat16 Multiply(BFloat16 x, double scale) => (BFloat16)((float)x * (float)scale);

    protected override BFloat16 Affine(BFloat16 x, MaskLaw law) => (BFloat16)(((float)x * (float)law.Scale) + (float)law.Offset);
}
