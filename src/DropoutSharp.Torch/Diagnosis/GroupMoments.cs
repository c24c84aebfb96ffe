using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Mean and variance of each group of values that a normalisation layer treats alike: a channel's for BatchNorm, a row's for the others.</summary>
internal sealed class GroupMoments
{
    private readonly double[] _means;
    private readonly double[] _variances;

    private GroupMoments(double[] means, double[] variances) => (_means, _variances) = (means, variances);

    /// <summary>The sum of the groups' variances; for a root mean square, of their second moments, which take the place of the variance there.</summary>
    public double TotalVariance => _variances.Sum();

    public double TotalMean => _means.Sum();

    public double TotalSecondMoment => _variances.Sum() + _means.Sum(mean => mean * mean);

    public double MeanVariance => TotalVariance / _variances.Length;

    public double RootMeanSquareOfMeans => Math.Sqrt(_means.Sum(mean => mean * mean) / _means.Length);

    public static GroupMoments Of(Tensor values, NormalizationKind kind)
    {
        using var scope = NewDisposeScope();
        Tensor numbers = values.to(float64);
        Tensor groups = kind == NormalizationKind.Batch && numbers.dim() >= 2
            ? numbers.movedim([1], [0]).flatten(1)
            : numbers.reshape(-1, numbers.size(-1));
        Tensor means = groups.mean([1]), variances = groups.var(1, unbiased: false);
        return kind == NormalizationKind.RootMeanSquare
            ? new GroupMoments([.. means.zeros_like().data<double>()], [.. groups.Squared().mean([1]).data<double>()])
            : new GroupMoments([.. means.data<double>()], [.. variances.data<double>()]);
    }
}
