namespace DropoutSharp.Averaging;

/// <summary>What a network's last numbers, its logits, stand for.</summary>
public enum OutputKind
{
    /// <summary>The numbers themselves; they have an arithmetic mean only.</summary>
    Identity,

    /// <summary>Each logit is a probability of its own: <c>1 / (1 + exp(−z))</c>.</summary>
    Sigmoid,

    /// <summary>The logits are one distribution over classes: <c>exp(zᵢ) / Σ exp(zⱼ)</c>.</summary>
    Softmax,
}
