namespace DropoutSharp.Lab.Literature;

/// <summary>What one network of a stack learns: rows, standardised by themselves, and the settings that may differ between the networks.</summary>
public sealed class StackedTask
{
    private readonly double[] _featureMean;
    private readonly double[] _featureScale;

    /// <summary>A task on some rows of a set.</summary>
    /// <param name="data">The set.</param>
    /// <param name="rows">The numbers of the rows to learn from; as many in each task of a stack.</param>
    /// <param name="dropRate">The drop rate of every site, in [0, 1).</param>
    /// <param name="weightDecay">What the squared weights are multiplied with in the loss, beside the mean squared error of standardised targets; not negative.</param>
    /// <param name="key">The key of the network's own draws: initial weights, order of rows and masks.</param>
    public StackedTask(UciDataset data, IReadOnlyList<int> rows, double dropRate, double weightDecay, ulong key)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(rows);
        DropRate = new DropRate(dropRate);
        WeightDecay = weightDecay;
        Key = key;
        int width = data.Features[0].Length;
        _featureMean = new double[width];
        _featureScale = new double[width];
        for (int column = 0; column < width; column++)
        {
            (_featureMean[column], _featureScale[column]) = MeanAndScale(rows, row => data.Features[row][column]);
        }

        (TargetMean, TargetScale) = MeanAndScale(rows, row => data.Targets[row]);
        Features = Encode(data, rows);
        Targets = [.. rows.Select(row => (float)((data.Targets[row] - TargetMean) / TargetScale))];
    }

    /// <summary>The drop rate of every site.</summary>
    public DropRate DropRate { get; }

    /// <summary>What the squared weights are multiplied with in the loss.</summary>
    public double WeightDecay { get; }

    /// <summary>The key of the network's own draws.</summary>
    public ulong Key { get; }

    /// <summary>The mean of the training targets, in their unit.</summary>
    public double TargetMean { get; }

    /// <summary>The standard deviation of the training targets, in their unit; 1 where they are all the same.</summary>
    public double TargetScale { get; }

    /// <summary>Standardised training features, row-major.</summary>
    internal float[] Features { get; }

    /// <summary>Standardised training targets.</summary>
    internal float[] Targets { get; }

    /// <summary>Rows standardised as the training rows were, row-major.</summary>
    internal float[] Encode(UciDataset data, IReadOnlyList<int> rows)
    {
        int width = _featureMean.Length;
        float[] encoded = new float[rows.Count * width];
        for (int i = 0; i < rows.Count; i++)
        {
            for (int column = 0; column < width; column++)
            {
                encoded[(i * width) + column] = (float)((data.Features[rows[i]][column] - _featureMean[column]) / _featureScale[column]);
            }
        }

        return encoded;
    }

    private static (double Mean, double Scale) MeanAndScale(IReadOnlyList<int> rows, Func<int, double> value)
    {
        double mean = rows.Average(value);
        double scale = Math.Sqrt(rows.Average(row => (value(row) - mean) * (value(row) - mean)));
        return (mean, scale > 0 ? scale : 1);
    }
}
