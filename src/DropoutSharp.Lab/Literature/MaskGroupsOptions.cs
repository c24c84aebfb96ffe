namespace DropoutSharp.Lab.Literature;

/// <summary>How masks that rows share are compared with masks a row.</summary>
/// <param name="Groups">Into how many groups of rows a batch is cut, setting by setting, each group with masks of its own; every row on its own, and no dropout, are added.</param>
/// <param name="Seeds">How often each setting is trained: first weights, row orders and masks follow from the seed, the first two alike for all settings.</param>
/// <param name="Epochs">How often each row is seen.</param>
/// <param name="BatchSize">Rows a step.</param>
/// <param name="Width">Hidden units of each of the two hidden layers.</param>
/// <param name="DropRate">The drop rate of the hidden units, in [0, 1).</param>
/// <param name="Optimizer">What changes the weights.</param>
/// <param name="LearningRate">The step size at first; it falls to zero. Null for 0.001 with Adam and 0.1 with gradient descent.</param>
/// <param name="Level">Settings whose paired test's p value is below it are told apart from masks a row.</param>
/// <param name="Margin">Test errors that differ by less than this share count as equivalent.</param>
public sealed record MaskGroupsOptions(
    IReadOnlyList<int> Groups,
    int Seeds = 5,
    int Epochs = 5,
    int BatchSize = 128,
    int Width = 512,
    double DropRate = 0.5,
    MaskGroupsOptimizer Optimizer = MaskGroupsOptimizer.Adam,
    double? LearningRate = null,
    double Level = 0.05,
    double Margin = 0.002)
{
    /// <summary>The step size at first.</summary>
    public double FirstLearningRate => LearningRate ?? (Optimizer == MaskGroupsOptimizer.Adam ? 1e-3 : 0.1);
}
