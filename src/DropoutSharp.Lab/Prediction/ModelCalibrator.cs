using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Training;
using DropoutSharp.Lab.UncertaintyQuality;
using TorchSharp;

namespace DropoutSharp.Lab.Prediction;

/// <summary>Calibrates a saved model on rows that it was not trained on, so that its intervals and sets hold what they say.</summary>
public static class ModelCalibrator
{
    /// <summary>Calibrates on a file.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="path">Rows with targets; where they have a test part, that is used. Null for the embedded digits.</param>
    /// <param name="passes">Monte-Carlo passes; at least 1, unused without dropout.</param>
    /// <param name="seed">Decides masks, and the random parts of sets.</param>
    /// <exception cref="UserErrorException">The rows cannot be used; the message is one sentence that says why.</exception>
    public static ModelCalibration Run(Model model, string? path, int passes, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        using DisposeScope scope = torch.NewDisposeScope();
        using QualityRows rows = QualityRows.Read(path, model.Description, 0, needsTargets: true);
        TargetEncoder target = model.Description.Encoder.Target;
        bool hasPasses = model.Network.HasPasses;
        int taken = model.Network.Passes(passes);
        ulong key = new TrialKeys(seed).MonteCarlo;
        ClassPredictions? classes = target.Task == LearningTask.Classification ? new(rows.Targets, target.Classes.Count) : null;
        NoiseDeviations noise = model.Description.Noise;
        ValuePredictions? values = classes is null
            ? new(rows.Targets, (target.Mean, target.Scale), taken) { NoiseDeviation = hasPasses ? noise.MonteCarlo : noise.Plain }
            : null;
        if (hasPasses)
        {
            MonteCarlo.Run(model.Network, rows.Features, MaskStream.DeriveKey(key, 2), taken, Add);
        }
        else
        {
            Add(NetworkOutputs.Compute(model.Network, rows.Features));
        }

        (double[] scores, double[] uncertainties) = ((IPredictions?)classes ?? values!).Calibration(MaskStream.DeriveKey(key, 3));
        return new ModelCalibration(taken, scores, uncertainties);

        void Add(ReadOnlySpan<float> outputs)
        {
            classes?.AddPass(outputs);
            values?.AddPass(outputs);
        }
    }
}
