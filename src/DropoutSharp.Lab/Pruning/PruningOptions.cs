namespace DropoutSharp.Lab.Pruning;

/// <summary>How a saved model is pruned.</summary>
public sealed record PruningOptions
{
    /// <summary>Weights with ln α above this are taken out; 3 in the paper, where a weight is noise to 95 % (Molchanov, Ashukha and Vetrov 2017).</summary>
    public double LogAlphaThreshold { get; init; } = 3;

    /// <summary>Whether the model is saved as a smaller one of plain dense layers, without the units that vanished; it then has no dropout any more.</summary>
    public bool AsDense { get; init; }

    /// <summary>A safetensors file for the layers as compressed sparse rows; null for none.</summary>
    public string? CompressedFile { get; init; }

    /// <summary>Monte-Carlo passes by which the pruned model is calibrated; at least 1.</summary>
    public int Passes { get; init; } = 50;

    /// <summary>Decides the masks of the calibration.</summary>
    public ulong Seed { get; init; }
}
