namespace DropoutSharp.Lab.Literature;

/// <summary>How sure Monte-Carlo dropout is of a cubic, where it saw points and where it did not.</summary>
/// <param name="X">Where the training points lie.</param>
/// <param name="Y">Their values.</param>
/// <param name="Grid">Where the network was asked.</param>
/// <param name="Mean">The predictive mean there.</param>
/// <param name="Epistemic">The standard deviation over the passes there.</param>
/// <param name="Total">The standard deviation with the noise there.</param>
/// <param name="EpistemicInside">The mean epistemic standard deviation within [−4, 4], where points lie.</param>
/// <param name="EpistemicOutside">The same beyond.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record CubicToyResult(
    IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double> Grid, IReadOnlyList<double> Mean, IReadOnlyList<double> Epistemic,
    IReadOnlyList<double> Total, double EpistemicInside, double EpistemicOutside, double Seconds);
