namespace DropoutSharp;

/// <summary>A step of Adam (Kingma and Ba 2015) or AdamW (Loshchilov and Hutter 2019): m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², w ← w − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε).</summary>
/// <param name="LearningRate">η.</param>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε, at least 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
/// <param name="IsDecoupled">Whether λ shrinks the weights themselves, w ← (1 − η·λ)·w before the step, as AdamW does, instead of being added to the gradient.</param>
/// <param name="Time">t, the number of this step from 1 on.</param>
public readonly record struct AdamStep(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, bool IsDecoupled, long Time);
