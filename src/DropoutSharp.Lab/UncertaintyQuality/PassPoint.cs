namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>What the first passes reach.</summary>
/// <param name="Passes">How many passes.</param>
/// <param name="Nll">Negative log-likelihood, in nats a row.</param>
/// <param name="Score">Accuracy, or RMSE in the target's unit.</param>
public sealed record PassPoint(int Passes, double Nll, double Score);
