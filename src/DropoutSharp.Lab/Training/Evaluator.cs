using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;

namespace DropoutSharp.Lab.Training;

/// <summary>Judges trained networks on held-out rows: by plain evaluation, and by the mean of Monte-Carlo passes with dropout on.</summary>
/// <param name="data">The data, for task, classes and the target's unit.</param>
/// <param name="validation">Rows that the noise of a regression target is learned on.</param>
/// <param name="test">Rows that are only used to judge.</param>
/// <param name="passes">Passes of the Monte-Carlo mean.</param>
internal sealed class Evaluator(PreparedData data, TensorRows validation, TensorRows test, int passes)
{
    public Evaluation Evaluate(Network network, ulong monteCarloKey)
    {
        Dictionary<string, double> scores = [];
        (IPredictions plain, double plainNoise) = Judge(network, null, "", scores);
        (IPredictions? sampled, double sampledNoise) = network.HasDropout
            ? Judge(network, monteCarloKey, ScoreNames.MonteCarlo, scores)
            : (null, plainNoise);
        (double[] nonconformity, double[] uncertainties) = (sampled ?? plain).Calibration(MaskStream.DeriveKey(monteCarloKey, 3));
        return new Evaluation
        {
            Scores = scores,
            Reliability = plain.Reliability(),
            MonteCarloReliability = sampled?.Reliability() ?? [],
            Noise = new NoiseDeviations(plainNoise, sampledNoise),
            Calibration = new ModelCalibration(sampled is null ? 1 : passes, nonconformity, uncertainties),
            TestPredictions = sampled ?? plain,
            PlainTestPredictions = plain,
        };
    }

    private (IPredictions Test, double Noise) Judge(Network network, ulong? key, string prefix, Dictionary<string, double> scores)
    {
        IPredictions onValidation = Predict(network, validation, key is { } k ? MaskStream.DeriveKey(k, 1) : null);
        IPredictions onTest = Predict(network, test, key is { } l ? MaskStream.DeriveKey(l, 2) : null);
        double noise = 0;
        if (onValidation is ValuePredictions values)
        {
            values.NoiseDeviation = noise = NoiseDeviation.Fit(values);
            ((ValuePredictions)onTest).NoiseDeviation = noise;
        }

        foreach ((string name, double value) in onTest.Scores())
        {
            scores[prefix + name] = value;
        }

        foreach ((string name, double value) in onValidation.Scores())
        {
            scores[ScoreNames.Validation + prefix + name] = value;
        }

        return (onTest, noise);
    }

    private IPredictions Predict(Network network, TensorRows rows, ulong? key)
    {
        ClassPredictions? classes = data.Task == LearningTask.Classification ? new(rows.TargetValues, data.Classes.Count) : null;
        ValuePredictions? values = classes is null ? new(rows.TargetValues, (data.TargetMean, data.TargetScale), key is null ? 1 : passes) : null;
        if (key is { } maskKey)
        {
            MonteCarlo.Run(network, rows.Features, maskKey, passes, AddPass);
        }
        else
        {
            AddPass(NetworkOutputs.Compute(network, rows.Features));
        }

        return (IPredictions?)classes ?? values!;

        void AddPass(ReadOnlySpan<float> outputs)
        {
            classes?.AddPass(outputs);
            values?.AddPass(outputs);
        }
    }
}
