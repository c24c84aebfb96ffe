namespace DropoutSharp.Torch;

/// <summary>
/// A dropout site and a normalisation layer that it reaches: how much the variance of what reaches that layer changes from training to evaluation.
/// </summary>
/// <param name="Site">The dropout site's path.</param>
/// <param name="SiteKind">Its type, such as <c>Dropout</c>.</param>
/// <param name="DropRate">Its drop rate.</param>
/// <param name="Norm">The normalisation layer's path.</param>
/// <param name="NormKind">How that layer normalises.</param>
/// <param name="InputMean">The root mean square, over units, of the mean c of what enters the site.</param>
/// <param name="InputVariance">The mean, over units, of the variance v of what enters the site.</param>
/// <param name="Predicted">
/// The ratio of evaluation to training variance that theory gives: exact for independent masks where the site feeds the layer itself, or through one
/// fully connected layer; else the ratio at the site. Null where the site's noise is not a factor of mean 1.
/// </param>
/// <param name="IsPredictedAtNorm">Whether <paramref name="Predicted"/> is for what reaches the layer, and not for what leaves the site.</param>
/// <param name="Measured">The ratio measured at the layer with this site alone drawing masks.</param>
/// <param name="ExtraVariance">How much larger the training variance is than the evaluation variance: 1/measured − 1.</param>
public sealed record VarianceShift(
    string Site,
    string SiteKind,
    double DropRate,
    string Norm,
    NormalizationKind NormKind,
    double InputMean,
    double InputVariance,
    double? Predicted,
    bool IsPredictedAtNorm,
    double Measured,
    double ExtraVariance)
{
    /// <summary>
    /// The variance of what reaches a BatchNorm in evaluation over the variance that it remembers: below 1 where it remembers that of training with dropout,
    /// 1 where it fits, as after <see cref="BatchNormStatistics.Recompute"/>. Null for a layer that remembers nothing.
    /// </summary>
    public double? Remembered { get; init; }

    /// <summary>The ratio of evaluation to training variance of a value that inverted dropout acts on.</summary>
    /// <param name="mean">The value's mean c.</param>
    /// <param name="variance">Its variance v, not negative.</param>
    /// <param name="dropRate">The drop rate, below 1.</param>
    /// <returns>In [0, 1]; 1 where nothing is dropped, NaN where mean and variance are both 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="variance"/> is negative or NaN, or the rate is 1.</exception>
    /// <remarks>
    /// <c>v / ((c² + v)/p − c²)</c> with keep probability p. Li, Chen, Hu and Yang, "Understanding the disharmony between dropout and batch
    /// normalization by variance shift", CVPR 2019, equation 8.
    /// </remarks>
    public static double Predict(double mean, double variance, DropRate dropRate)
    {
        if (!(variance >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(variance), variance, $"Variance must not be negative; received {variance}.");
        }

        if (dropRate.DropsAll)
        {
            throw new ArgumentOutOfRangeException(nameof(dropRate), dropRate, "Drop rate must be below 1; received 1.");
        }

        return variance / ((((mean * mean) + variance) / dropRate.KeepProbability) - (mean * mean));
    }
}
