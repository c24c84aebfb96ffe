namespace DropoutSharp.Lab.Data;

/// <summary>Which columns of predictions are written beside those that always are.</summary>
public readonly record struct PredictionWriterOptions
{
    /// <summary>The probability of every class.</summary>
    public bool WithProbabilities { get; init; }

    /// <summary>The set of classes that holds the true one with the probability asked for.</summary>
    public bool WithSets { get; init; }
}
