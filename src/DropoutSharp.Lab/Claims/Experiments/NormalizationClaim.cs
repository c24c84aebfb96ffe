using DropoutSharp.Torch;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Dropout before BatchNorm shifts variance and costs accuracy; after the last one it does not; recomputed statistics repair it.</summary>
internal sealed class NormalizationClaim : Claim
{
    private const int Rows = 300;
    private const int Width = 96;
    private const int Depth = 8;
    private const double DropRate = 0.5;

    public override int Number => 12;

    public override string Name => "normalization";

    public override string Statement =>
        "Dropout before BatchNorm shifts the variance that it was trained on and costs accuracy in evaluation; after the last BatchNorm it does not; recomputing the statistics repairs it; LayerNorm and RMSNorm remember nothing that could go stale.";

    public override string Method =>
        "A network of eight normalised hidden layers, with dropout of rate one half before each of them but the first, or behind the last. The ratio of evaluation to training variance at the normalisation, predicted and measured; "
        + "test log-likelihood and error of each placement; and with BatchNorm's statistics recomputed on the training rows with dropout off. The same placement before LayerNorm and RMSNorm, whose input shifts alike, but which measure each row anew.";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(8, 24);
        Trial[] trials = context.ForSeeds(seeds, seed => Run(context, seed));
        string[] names = ["batchnorm_none", "batchnorm_before", "batchnorm_before_recomputed", "batchnorm_after", "layernorm_none", "layernorm_before", "rmsnorm_none", "rmsnorm_before"];
        Measurement[] nll = [.. names.Select((name, i) => Measurement.Of("nll_" + name, "nats", [.. trials.Select(trial => trial.Scores[i].Nll)]))];
        return new ClaimFindings(
            [
                ClaimPart.Below("The variance in evaluation is less than nine tenths of that in training.", Of("shift_measured", "", trial => trial.Measured), 0.9),
                ClaimPart.Between("Theory predicts the shift to a twentieth.", Of("shift_predicted_over_measured", "", trial => trial.Predicted / trial.Measured), 0.95, 1.05),
                ClaimPart.Above("Before BatchNorm it is worse in log-likelihood than behind the last.", Of("nll_before_minus_after", "nats", trial => trial.Scores[1].Nll - trial.Scores[3].Nll), 0),
                ClaimPart.Above("Before BatchNorm the test error is higher than behind the last.", Of("error_before_minus_after", "%", trial => trial.Scores[1].Error - trial.Scores[3].Error), 0),
                ClaimPart.Below("Behind the last it costs nothing against none.", Of("nll_after_minus_none", "nats", trial => trial.Scores[3].Nll - trial.Scores[0].Nll), 0.01),
                ClaimPart.Below("Recomputed statistics improve the log-likelihood of dropout before BatchNorm.", Of("nll_recomputed_minus_before", "nats", trial => trial.Scores[2].Nll - trial.Scores[1].Nll), 0),
                ClaimPart.Above(
                    "They repair more than half of what it lost against dropout behind the last.",
                    Of("nll_repaired_minus_half_of_loss", "nats", trial => trial.Scores[1].Nll - trial.Scores[2].Nll - ((trial.Scores[1].Nll - trial.Scores[3].Nll) / 2)),
                    0,
                    decides: false),
                ClaimPart.Below("Before LayerNorm it costs nothing against none.", Of("nll_layernorm_before_minus_none", "nats", trial => trial.Scores[5].Nll - trial.Scores[4].Nll), 0.01, decides: false),
                ClaimPart.Below("Before RMSNorm it costs nothing against none.", Of("nll_rmsnorm_before_minus_none", "nats", trial => trial.Scores[7].Nll - trial.Scores[6].Nll), 0.01, decides: false),
            ],
            [
                Of("shift_layernorm", "", trial => trial.RowShifts[0]),
                Of("shift_rmsnorm", "", trial => trial.RowShifts[1]),
                .. nll,
                .. names.Select((name, i) => Measurement.Of("error_" + name, "%", [.. trials.Select(trial => trial.Scores[i].Error)])),
            ],
            new ClaimPicture
            {
                Description = "Test negative log-likelihood by where dropout stands and by the normalisation",
                XTitle = "Dropout",
                YTitle = "Test NLL, nats",
                XNames = ["none", "before", "before, recomputed", "behind the last"],
                Series =
                [
                    ClaimSeries.Of("BatchNorm", [0, 1, 2, 3], nll[..4], joined: false),
                    ClaimSeries.Of("LayerNorm", [0, 1], nll[4..6], joined: false),
                    ClaimSeries.Of("RMSNorm", [0, 1], nll[6..8], joined: false),
                ],
            });

        Measurement Of(string name, string unit, Func<Trial, double> figure) => Measurement.Of(name, unit, [.. trials.Select(figure)]);
    }

    private static Trial Run(ClaimContext context, int seed)
    {
        ClaimData data = context.Data(Rows, seed);
        var training = new ClaimTraining(context.Choose(600, 2000));
        var scores = new List<ClassScores>();
        var rowShifts = new List<double>();
        double measured = 0, predicted = 0;
        foreach ((Func<nn.Module<Tensor, Tensor>> norm, double before, double after) in ((Func<nn.Module<Tensor, Tensor>>, double, double)[])
        [
            (() => nn.BatchNorm1d(Width), 0, 0), (() => nn.BatchNorm1d(Width), DropRate, 0), (() => nn.BatchNorm1d(Width), 0, DropRate),
            (() => nn.LayerNorm(Width), 0, 0), (() => nn.LayerNorm(Width), DropRate, 0),
            (() => new RMSNorm(Width), 0, 0), (() => new RMSNorm(Width), DropRate, 0),
        ])
        {
            using Sequential model = Network(data, norm, before, after);
            training.Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
            scores.Add(ClassScores.Plain(model, data.Test, data.TestLabels));
            if (scores.Count == 2)
            {
                VarianceShift[] shifts = [.. NormalizationClash.Measure(model, data.Train).Where(shift => shift.IsPredictedAtNorm)];
                (measured, predicted) = (shifts.Average(shift => shift.Measured), shifts.Average(shift => shift.Predicted!.Value));
                BatchNormStatistics.Recompute(model, [data.Train]);
                scores.Add(ClassScores.Plain(model, data.Test, data.TestLabels));
            }
            else if (before > 0)
            {
                rowShifts.Add(NormalizationClash.Measure(model, data.Train).Average(shift => shift.Measured));
            }
        }

        return new Trial([.. scores], measured, predicted, [.. rowShifts]);
    }

    private static Sequential Network(ClaimData data, Func<nn.Module<Tensor, Tensor>> norm, double before, double after)
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (int layer = 1; layer <= Depth; layer++)
        {
            layers.Add(($"linear{layer}", nn.Linear(layer == 1 ? data.Features : Width, Width)));
            layers.Add(($"norm{layer}", norm()));
            layers.Add(($"relu{layer}", nn.ReLU()));
            layers.Add(($"drop{layer}", new Dropout(layer < Depth ? before : after)));
        }

        layers.Add(("output", nn.Linear(Width, data.Classes)));
        return nn.Sequential(layers);
    }

    private sealed record Trial(ClassScores[] Scores, double Measured, double Predicted, double[] RowShifts);
}
