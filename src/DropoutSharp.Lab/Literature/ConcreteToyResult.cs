namespace DropoutSharp.Lab.Literature;

/// <summary>What concrete dropout learned from N rows of the toy.</summary>
/// <param name="Rows">The number N of rows.</param>
/// <param name="Rates">The learned drop rate of each layer, from input to output.</param>
/// <param name="Epistemic">The mean epistemic standard deviation over the inputs.</param>
/// <param name="Aleatoric">The mean aleatoric standard deviation over the inputs; 1 in truth.</param>
/// <param name="Rmse">The error of the predictive mean against the true line.</param>
/// <param name="RatesOverTime">The mean rate of all layers at twenty moments of the training.</param>
/// <param name="Seconds">Training time.</param>
public sealed record ConcreteToyResult(
    int Rows, IReadOnlyList<double> Rates, double Epistemic, double Aleatoric, double Rmse, IReadOnlyList<double> RatesOverTime, double Seconds);
