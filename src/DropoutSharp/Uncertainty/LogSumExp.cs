namespace DropoutSharp.Uncertainty;

/// <summary>A streaming <c>ln Σ e^{x}</c> that neither overflows nor underflows: the sum is kept relative to the largest term.</summary>
/// <remarks><c>default</c> is the empty sum, whose value is −∞. NaN stays NaN.</remarks>
public struct LogSumExp : IEquatable<LogSumExp>
{
    private double _largest;
    private double _sum;

    /// <summary>The logarithm of the sum so far; −∞ where nothing, or only −∞, was added.</summary>
    public readonly double Value => _sum == 0 ? double.NegativeInfinity : _largest + Math.Log(_sum);

    /// <summary>Adds <c>e^{logTerm}</c> to the sum.</summary>
    /// <param name="logTerm">The logarithm of the term; −∞ adds nothing.</param>
    public void Add(double logTerm)
    {
        if (double.IsNegativeInfinity(logTerm) || double.IsNaN(_sum))
        {
            return;
        }

        if (_sum == 0 || logTerm > _largest)
        {
            // ∞ beside ∞ would be ∞ − ∞.
            _sum = _sum == 0 || double.IsPositiveInfinity(logTerm) ? 1 : (_sum * Math.Exp(_largest - logTerm)) + 1;
            _largest = logTerm;
        }
        else if (!double.IsPositiveInfinity(_largest) || double.IsNaN(logTerm))
        {
            _sum += Math.Exp(logTerm - _largest);
        }
    }

    /// <summary>Whether both sums are the same.</summary>
    public static bool operator ==(LogSumExp left, LogSumExp right) => left.Equals(right);

    /// <summary>Whether the sums differ.</summary>
    public static bool operator !=(LogSumExp left, LogSumExp right) => !left.Equals(right);

    /// <inheritdoc/>
    public readonly bool Equals(LogSumExp other) => Value.Equals(other.Value);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is LogSumExp other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => Value.GetHashCode();
}
