namespace DropoutSharp.Lab.Training;

/// <summary>The standard deviation of the noise in a regression target, in its own unit; 0 for classification.</summary>
/// <param name="Plain">Around plain predictions.</param>
/// <param name="MonteCarlo">Around the passes of a Monte-Carlo prediction.</param>
public readonly record struct NoiseDeviations(double Plain, double MonteCarlo);
