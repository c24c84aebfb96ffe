namespace DropoutSharp.Torch;

/// <summary>The names of the rules by which <see cref="ModelInspector"/> judges.</summary>
public static class FindingRules
{
    /// <summary>Dropout shifts the variance that a BatchNorm behind it was trained on.</summary>
    public const string DropoutBeforeBatchNorm = "dropout-before-batchnorm";

    /// <summary>Dropout shifts the variance before a layer that normalises each row by itself.</summary>
    public const string DropoutBeforeRowNorm = "dropout-before-row-norm";

    /// <summary>The rate is 0.</summary>
    public const string RateZero = "rate-zero";

    /// <summary>The rate is 1.</summary>
    public const string RateOne = "rate-one";

    /// <summary>The site is not run by the model.</summary>
    public const string NeverRun = "never-run";

    /// <summary>A softmax follows the site directly.</summary>
    public const string SoftmaxAfterDropout = "softmax-after-dropout";

    /// <summary>The site drops the model's own output.</summary>
    public const string DropoutOnOutput = "dropout-on-output";

    /// <summary>Two sites follow each other directly.</summary>
    public const string DropoutTwice = "dropout-twice";

    /// <summary>A path that is dropped row by row contains a BatchNorm.</summary>
    public const string RowPathAroundBatchNorm = "row-path-around-batchnorm";

    /// <summary>The model has no dropout.</summary>
    public const string NoDropout = "no-dropout";
}
