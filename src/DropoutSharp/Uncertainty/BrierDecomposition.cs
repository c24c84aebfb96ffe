namespace DropoutSharp.Uncertainty;

/// <summary>What a Brier score is made of: <c>Score = Reliability − Resolution + Uncertainty + WithinBins</c>.</summary>
/// <param name="Reliability">How far stated probabilities are from observed shares; 0 is perfectly calibrated, less is better.</param>
/// <param name="Resolution">How far the observed shares of different forecasts are from the overall share; more is better.</param>
/// <param name="Uncertainty">What the classes' shares alone leave open; no forecaster changes it.</param>
/// <param name="WithinBins">What grouping unequal forecasts into bins leaves out; 0 where all forecasts of a bin are equal.</param>
/// <remarks>Murphy 1973, "A new vector partition of the probability score"; Stephenson, Coelho and Jolliffe 2008 for the last term.</remarks>
public readonly record struct BrierDecomposition(double Reliability, double Resolution, double Uncertainty, double WithinBins)
{
    /// <summary>The Brier score that was taken apart.</summary>
    public double Score => Reliability - Resolution + Uncertainty + WithinBins;
}
