using System.Reflection;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Models;

/// <summary>Everything about a trained model but its weights: what it takes in, what it is, and what its outputs mean.</summary>
public sealed record ModelDescription
{
    /// <summary>What builds the network: its layers, the variant and the drop rate.</summary>
    public required NetworkBlueprint Blueprint { get; init; }

    /// <summary>What turns rows into the network's inputs; it holds the task, the classes and the target's scale too.</summary>
    public required FeatureEncoder Encoder { get; init; }

    /// <summary>The seed that the network was trained with.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The noise of a regression target, in its own unit; 0 for classification.</summary>
    public required NoiseDeviations Noise { get; init; }

    /// <summary>How far the model was off on held-out rows; null where it was not calibrated, so that it can give no intervals that hold.</summary>
    public ModelCalibration? Calibration { get; init; }

    /// <summary>The sub-networks that the model consists of; null where it is the whole network.</summary>
    public EnsembleDescription? Ensemble { get; init; }

    /// <summary>What the training data were called.</summary>
    public required string DataName { get; init; }

    /// <summary>The version of the library that trained the model.</summary>
    public string LibraryVersion { get; init; } = CurrentLibraryVersion;

    private static string CurrentLibraryVersion { get; } =
        typeof(ModelDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
