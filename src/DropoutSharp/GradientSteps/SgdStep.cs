namespace DropoutSharp;

/// <summary>A step of gradient descent with momentum: b ← μ·b + (1 − δ)·(g + λ·w), w ← w − η·b; with Nesterov's form w ← w − η·(g + λ·w + μ·b).</summary>
/// <param name="LearningRate">η; negative to climb.</param>
/// <param name="Momentum">μ, at least 0.</param>
/// <param name="Dampening">δ.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
/// <param name="IsNesterov">Whether the step looks ahead.</param>
/// <param name="IsFirst">Whether the momentum has no value yet; then it becomes the gradient.</param>
public readonly record struct SgdStep(double LearningRate, double Momentum = 0, double Dampening = 0, double WeightDecay = 0, bool IsNesterov = false, bool IsFirst = false);
