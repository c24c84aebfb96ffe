namespace DropoutSharp.Lab.Data;

/// <summary>A data set that has been split and encoded, ready for training: what the step after the data takes in.</summary>
public sealed record PreparedData
{
    /// <summary>What the data is called in a report, such as the file's name.</summary>
    public required string Name { get; init; }

    /// <summary>What is to be learned.</summary>
    public required LearningTask Task { get; init; }

    /// <summary>The target column's name.</summary>
    public required string Target { get; init; }

    /// <summary>The classes in the order of their indices; empty for regression.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The mean that was subtracted from a regression target, learned on the training rows; 0 for classification.</summary>
    public required double TargetMean { get; init; }

    /// <summary>What a regression target was divided by, learned on the training rows; 1 for classification.</summary>
    public required double TargetScale { get; init; }

    /// <summary>Rows that are learned from.</summary>
    public required EncodedRows Train { get; init; }

    /// <summary>Rows that decide when to stop and which rate is best.</summary>
    public required EncodedRows Validation { get; init; }

    /// <summary>Held-out rows that are only used to judge.</summary>
    public required EncodedRows Test { get; init; }

    /// <summary>One sentence each about what was done to the data: columns dropped, levels pooled, values imputed.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The encoder that turned raw rows into features, to be saved with a model.</summary>
    public required FeatureEncoder Encoder { get; init; }

    /// <summary>The raw rows, to show one to a person.</summary>
    public required Dataset Source { get; init; }

    /// <summary>Whether a row is an image.</summary>
    public bool IsImage => Train.Shape.Count == 3;
}
