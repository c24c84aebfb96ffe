namespace DropoutSharp.Lab.Comparison;

/// <summary>A held-out row about which a model is unsure.</summary>
public sealed record UnsureExample
{
    /// <summary>Where it stands in the data set, counted from 0.</summary>
    public required int Row { get; init; }

    /// <summary>The true class or value.</summary>
    public required string Truth { get; init; }

    /// <summary>The predicted class or mean.</summary>
    public required string Prediction { get; init; }

    /// <summary>Classification: the predicted class's probability; regression: NaN.</summary>
    public required double Confidence { get; init; }

    /// <summary>Classification: mutual information in nats; regression: the epistemic standard deviation in the target's unit.</summary>
    public required double Epistemic { get; init; }

    /// <summary>Classification: expected entropy in nats; regression: the aleatoric standard deviation in the target's unit.</summary>
    public required double Aleatoric { get; init; }

    /// <summary>An image's values in [0, 1], row-major by channel; null for a table.</summary>
    public float[]? Pixels { get; init; }

    /// <summary>An image's shape: channels, height, width; null for a table.</summary>
    public IReadOnlyList<int>? PixelShape { get; init; }

    /// <summary>A table row's columns and values as text; null for images.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Fields { get; init; }
}
