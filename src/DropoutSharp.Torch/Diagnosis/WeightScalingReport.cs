namespace DropoutSharp.Torch;

/// <summary>How far a model with scaled weights is from the average of sub-networks that it stands for; what <see cref="WeightScaling.Measure"/> found.</summary>
public sealed record WeightScalingReport
{
    /// <summary>How many rows were predicted.</summary>
    public required int Rows { get; init; }

    /// <summary>How many sub-networks were averaged for each.</summary>
    public required int Passes { get; init; }

    /// <summary>KL divergence of weight scaling from the arithmetic mean of the passes, the mean over rows, in nats.</summary>
    public required double ArithmeticDivergence { get; init; }

    /// <summary>KL divergence of weight scaling from the normalised geometric mean of the passes, the mean over rows, in nats.</summary>
    public required double GeometricDivergence { get; init; }

    /// <summary>Total variation distance between weight scaling and the arithmetic mean, the mean over rows, in [0, 1].</summary>
    public required double ArithmeticDistance { get; init; }

    /// <summary>Total variation distance between weight scaling and the normalised geometric mean, the mean over rows, in [0, 1].</summary>
    public required double GeometricDistance { get; init; }

    /// <summary>
    /// About what <see cref="ArithmeticDivergence"/> would be from the finite number of passes alone: a quarter of the divergence between the means of the
    /// even and of the odd passes. A divergence near it says nothing.
    /// </summary>
    public required double NoiseFloor { get; init; }

    /// <summary>The share of rows for which weight scaling and the arithmetic mean choose the same class.</summary>
    public required double Agreement { get; init; }

    /// <summary>With targets: mean negative log-likelihood of weight scaling, in nats.</summary>
    public double? WeightScalingNll { get; init; }

    /// <summary>With targets: mean negative log-likelihood of the arithmetic mean, in nats.</summary>
    public double? ArithmeticNll { get; init; }

    /// <summary>With targets: mean negative log-likelihood of the normalised geometric mean, in nats.</summary>
    public double? GeometricNll { get; init; }

    /// <summary>With targets: accuracy of weight scaling.</summary>
    public double? WeightScalingAccuracy { get; init; }

    /// <summary>With targets: accuracy of the arithmetic mean.</summary>
    public double? ArithmeticAccuracy { get; init; }
}
