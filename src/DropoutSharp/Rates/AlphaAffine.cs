namespace DropoutSharp;

/// <summary>
/// The constants of alpha dropout: a kept unit becomes <c>Scale·x + Shift</c>, a dropped one <see cref="Dropped"/>, so that a unit of
/// mean 0 and variance 1 keeps both.
/// </summary>
/// <remarks>
/// <para>With keep probability p and α′ = −λα = −1.7580993408473766, the value that SELU tends to for very negative inputs:
/// <c>a = (p + α′²·p·(1−p))^(−1/2)</c>, <c>b = −a·(1−p)·α′</c>, a kept unit is <c>a·x + b</c>, a dropped one <c>a·α′ + b</c>.</para>
/// <para>Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", NIPS 2017.</para>
/// </remarks>
public readonly record struct AlphaAffine
{
    /// <summary>α′ = −λα: SELU's limit for very negative inputs, the value that a dropped unit takes before the affine map.</summary>
    public const double SaturationValue = -1.7580993408473766;

    /// <summary>The constants of a drop rate.</summary>
    /// <param name="dropRate">The probability that a unit is dropped, in [0, 1): with nothing kept no affine map restores a variance of 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dropRate"/> is 1.</exception>
    public AlphaAffine(DropRate dropRate)
    {
        if (dropRate.DropsAll)
        {
            throw new ArgumentOutOfRangeException(
                nameof(dropRate), dropRate, "Drop rate of alpha dropout must be in [0, 1); received 1.");
        }

        double keep = dropRate.KeepProbability, drop = dropRate.Value;
        Scale = 1 / Math.Sqrt(keep * (1 + (SaturationValue * SaturationValue * drop)));
        Shift = -Scale * drop * SaturationValue + 0.0;
        Dropped = (Scale * SaturationValue) + Shift;
    }

    /// <summary>a: what a kept unit, and the gradient of a kept unit, is multiplied with.</summary>
    public double Scale { get; }

    /// <summary>b: what is added to a kept unit after the multiplication.</summary>
    public double Shift { get; }

    /// <summary>a·α′ + b: what a dropped unit becomes.</summary>
    public double Dropped { get; }
}
