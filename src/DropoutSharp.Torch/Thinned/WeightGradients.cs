namespace DropoutSharp.Torch;

/// <summary>What becomes of a layer's weight gradients.</summary>
public enum WeightGradients
{
    /// <summary>There are none: no backward pass follows.</summary>
    None,

    /// <summary>They are written as whole tensors, for any optimiser.</summary>
    Whole,

    /// <summary>Kept parts go to an optimiser of this library that passes over all weights, as momentum and moments need it.</summary>
    Parts,

    /// <summary>Kept parts go to an optimiser of this library that touches the kept weights alone.</summary>
    PartsOnly,
}
