using System.Globalization;

namespace DropoutSharp;

/// <summary>A 16-bit floating-point number with float's range: the upper half of a <see cref="float"/>.</summary>
/// <remarks>
/// It stores and converts; arithmetic is done in <see cref="float"/>. Its memory is that of PyTorch's <c>bfloat16</c>, so that pointers to the
/// one can be read as the other.
/// </remarks>
public readonly struct BFloat16 : IEquatable<BFloat16>, IFormattable
{
    private readonly ushort _bits;

    private BFloat16(ushort bits) => _bits = bits;

    /// <summary>The number's 16 bits: sign, 8 exponent bits, 7 fraction bits.</summary>
    public ushort Bits => _bits;

    /// <summary>The number that has these bits.</summary>
    /// <param name="bits">Sign, 8 exponent bits, 7 fraction bits.</param>
    public static BFloat16 FromBits(ushort bits) => new(bits);

    /// <summary>The number nearest to a float, ties to even; too large a float gives infinity, a NaN a quiet NaN.</summary>
    /// <param name="value">Any float.</param>
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint rounded = bits + 0x7FFF + ((bits >> 16) & 1);
        return new BFloat16((ushort)((float.IsNaN(value) ? bits | 0x400000 : rounded) >> 16));
    }

    /// <summary>The same number as a float, exactly.</summary>
    /// <param name="value">Any number.</param>
    public static explicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value._bits << 16);

    /// <summary>Whether both are the same number; NaN equals nothing, and −0 equals +0.</summary>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == (float)right;

    /// <summary>Whether the two are different numbers.</summary>
    public static bool operator !=(BFloat16 left, BFloat16 right) => !(left == right);

    /// <summary>Whether both are the same number; here NaN equals NaN.</summary>
    /// <param name="other">The number to compare with.</param>
    public bool Equals(BFloat16 other) => ((float)this).Equals((float)other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();

    /// <summary>The number in the invariant culture's notation.</summary>
    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ((float)this).ToString(format, formatProvider);
}
