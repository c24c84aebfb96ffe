using System.Globalization;

namespace DropoutSharp;

/// <summary>The probability that a unit is dropped: a number in [0, 1], checked once.</summary>
/// <remarks>
/// The drop rate <c>r</c> is what PyTorch, Keras and timm call <c>p</c> or <c>rate</c>. The keep probability <c>p = 1 − r</c> is the
/// letter <c>p</c> of the dropout papers (Srivastava et al. 2014). Both are stored, so that either is returned exactly as it was given.
/// <c>default</c> is rate 0: everything is kept.
/// </remarks>
public readonly struct DropRate : IEquatable<DropRate>, IFormattable
{
    private readonly double _value;
    private readonly double _keep;

    /// <summary>A drop rate.</summary>
    /// <param name="dropRate">The probability that a unit is dropped, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dropRate"/> is NaN or outside [0, 1].</exception>
    public DropRate(double dropRate)
        : this(dropRate, 1 - dropRate)
    {
        if (!(dropRate >= 0 && dropRate <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(dropRate), dropRate, Message("Drop rate", dropRate));
        }
    }

    private DropRate(double value, double keep)
    {
        _value = value + 0.0; // −0 becomes +0
        _keep = keep;
    }

    /// <summary>The drop rate of a keep probability.</summary>
    /// <param name="keepProbability">The probability that a unit is kept, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keepProbability"/> is NaN or outside [0, 1].</exception>
    public static DropRate FromKeepProbability(double keepProbability)
    {
        if (!(keepProbability >= 0 && keepProbability <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(keepProbability), keepProbability, Message("Keep probability", keepProbability));
        }

        return new DropRate(1 - keepProbability, keepProbability + 0.0);
    }

    /// <summary>The probability that a unit is dropped, in [0, 1].</summary>
    public double Value => _value;

    /// <summary>The probability that a unit is kept, <c>1 − Value</c>, in [0, 1].</summary>
    public double KeepProbability => _value == 0 && _keep == 0 ? 1 : _keep;

    /// <summary>How many of the 2³² equally likely draws keep a unit: <c>⌊keep·2³² + ½⌋</c>, in [0, 2³²].</summary>
    public ulong KeepThreshold => (ulong)((KeepProbability * 4294967296.0) + 0.5);

    /// <summary>What a kept unit is multiplied with so that its expectation is kept: <c>1 / keep</c>, or 0 where nothing is kept.</summary>
    public double InvertedScale => KeepProbability == 0 ? 0 : 1 / KeepProbability;

    /// <summary>Whether every unit is kept.</summary>
    public bool KeepsAll => KeepProbability == 1;

    /// <summary>Whether every unit is dropped.</summary>
    public bool DropsAll => KeepProbability == 0;

    /// <summary>The drop rate of a plain number; the same as the constructor.</summary>
    /// <param name="dropRate">The probability that a unit is dropped, in [0, 1].</param>
    public static implicit operator DropRate(double dropRate) => new(dropRate);

    /// <summary>Whether both are the same rate.</summary>
    public static bool operator ==(DropRate left, DropRate right) => left.Equals(right);

    /// <summary>Whether the two are different rates.</summary>
    public static bool operator !=(DropRate left, DropRate right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(DropRate other) => _value == other._value && KeepProbability == other.KeepProbability;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DropRate other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_value, KeepProbability);

    /// <summary>The drop rate as an invariant number, such as <c>0.2</c>.</summary>
    public override string ToString() => _value.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => _value.ToString(format, formatProvider);

    private static string Message(string what, double received) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} must be in [0, 1]; received {received}.");
}
