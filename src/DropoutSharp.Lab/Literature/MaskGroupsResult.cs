namespace DropoutSharp.Lab.Literature;

/// <summary>What masks shared by a number of groups did, beside masks a row.</summary>
/// <param name="Groups">How many groups of a batch had masks of their own; <see cref="MaskGroups.EveryRow"/>, or <see cref="MaskGroups.NoDropout"/>.</param>
/// <param name="TestErrors">The share of wrong test rows, seed by seed.</param>
/// <param name="NegativeLogLikelihoods">The mean negative log-likelihood of the test rows in nats, seed by seed.</param>
/// <param name="TestError">The mean test error.</param>
/// <param name="NegativeLogLikelihood">The mean negative log-likelihood.</param>
/// <param name="ErrorDifference">The test error's mean difference to masks a row, paired by seed.</param>
/// <param name="ErrorLow">The lower end of its 95 % interval.</param>
/// <param name="ErrorHigh">The upper end of its 95 % interval.</param>
/// <param name="ErrorP">The p value of the paired t test of test errors; NaN for masks a row themselves.</param>
/// <param name="LikelihoodP">The p value of the paired t test of negative log-likelihoods; NaN for masks a row themselves.</param>
/// <param name="IsTellable">Whether either test tells the setting from masks a row.</param>
/// <param name="EquivalenceP">The larger p value of two one-sided t tests, that the test error differs by the margin or more; NaN for masks a row themselves.</param>
/// <param name="IsEquivalent">Whether both tests deny that: the errors differ by less than the margin.</param>
/// <param name="StepMilliseconds">The median time of a training step.</param>
public sealed record MaskGroupsResult(
    int Groups,
    IReadOnlyList<double> TestErrors,
    IReadOnlyList<double> NegativeLogLikelihoods,
    double TestError,
    double NegativeLogLikelihood,
    double ErrorDifference,
    double ErrorLow,
    double ErrorHigh,
    double ErrorP,
    double LikelihoodP,
    bool IsTellable,
    double EquivalenceP,
    bool IsEquivalent,
    double StepMilliseconds);
