namespace DropoutSharp.Lab.Data;

/// <summary>Which columns of predictions are written beside those that always are.</summary>
public readonly record struct PredictionWriterOptions
{
    /// <summary>The probability of every class.</summary>
    public bool WithProbabilities { get; init; }

    /// <summary>The interval or the set of classes that holds the truth with the probability asked for.</summary>
    public bool WithIntervals { get; init; }

    /// <summary>Whether the model abstains from a row.</summary>
    public bool WithAbstentions { get; init; }
}
