using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Comparison;

/// <summary>All that is kept of a finished training: what is reported, and what the tests over rows and predictions need.</summary>
internal sealed record TrialRecord
{
    /// <summary>What is reported.</summary>
    public required TrialResult Result { get; init; }

    /// <summary>The noise of a regression target around this network's predictions.</summary>
    public required NoiseDeviations Noise { get; init; }

    /// <summary>The ranked score's share of each test row as little-endian float32; null where it has none.</summary>
    public required byte[]? RowLossBytes { get; init; }

    /// <summary>The ranked score's share of each test row; empty where it has none.</summary>
    [JsonIgnore]
    public ReadOnlySpan<float> RowLosses => MemoryMarshal.Cast<byte, float>(RowLossBytes);
}
