namespace DropoutSharp.Lab.Literature;

/// <summary>How all networks of a stack are trained.</summary>
/// <param name="HiddenSizes">The widths of the hidden layers, ReLU after each, dropout before every layer.</param>
/// <param name="Epochs">How often each row is seen; at least 1.</param>
/// <param name="BatchSize">Rows a step; the last step of an epoch takes what is left.</param>
/// <param name="LearningRate">Adam's step size.</param>
/// <param name="Cosine">Whether the step size falls to zero along half a cosine; it is constant otherwise.</param>
public sealed record StackedOptions(IReadOnlyList<int> HiddenSizes, int Epochs, int BatchSize, double LearningRate, bool Cosine);
