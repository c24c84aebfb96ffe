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
    private const double DropRate = 0.3;

    public override int Number => 12;

    public override string Name => "normalization";

    public override string Statement =>
        "Dropout before BatchNorm shifts the variance that it was trained on and costs accuracy in evaluation; after the last BatchNorm it does not; recomputing the statistics repairs it; LayerNorm and RMSNorm remember nothing that could go stale.";

    public override string Method =>
        "A network of eight normalised hidden layers, with dropout of rate 0.3 before each of them but the first, or behind the last. The ratio of evaluation to training variance at the normalisation, predicted and measured; "
        + "test error and log-likelihood of each placement, and of the same weights with BatchNorm's statistics recomputed on the training rows with dropout off: the difference is what the shift costs, and nothing else. The same placement before LayerNorm and RMSNorm, whose input shifts alike, but which measure each row anew.";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(16, 24);
        Trial[] trials = context.ForSeeds(seeds, seed => Run(context, seed));
        string[] names =
        [
            "batchnorm_none", "batchnorm_before", "batchnorm_before_recomputed", "batchnorm_after", "batchnorm_after_recomputed", "layernorm_none", "layernorm_before", "rmsnorm_none", "rmsnorm_before",
        ];
        Measurement[] nll = [.. names.Select((name, i) => Measurement.Of("nll_" + name, "nats", [.. trials.Select(trial => trial.Scores[i].Nll)]))];
        return new ClaimFindings(
            [
                ClaimPart.Below("The variance in evaluation is less than nine tenths of that in training.", Of("shift_measured", "", trial => trial.Measured), 0.9),
                ClaimPart.Between("Theory predicts the shift to a twentieth.", Of("shift_predicted_over_measured", "", trial => trial.Predicted / trial.Measured), 0.95, 1.05),
                ClaimPart.Above("The shift costs accuracy before BatchNorm: the same weights err less with recomputed statistics.", Error("error_before_minus_recomputed", 1, 2), 0),
                ClaimPart.Above("It costs log-likelihood, which recomputed statistics repair.", Nll("nll_before_minus_recomputed", 1, 2), 0),
                ClaimPart.Between("Behind the last BatchNorm there is nothing to repair, to half a point of test error.", Error("error_after_minus_recomputed", 3, 4), -0.5, 0.5),
                ClaimPart.Below("Behind the last it costs less than half a point of test error against none.", Error("error_after_minus_none", 3, 0), 0.5),
                ClaimPart.Above("Before BatchNorm the test error is higher than behind the last.", Error("error_before_minus_after", 1, 3), 0, decides: false),
                ClaimPart.Below("With recomputed statistics it is less than half a point higher.", Error("error_recomputed_minus_after", 2, 3), 0.5, decides: false),
                ClaimPart.Below("Before LayerNorm it costs nothing in log-likelihood against none.", Nll("nll_layernorm_before_minus_none", 6, 5), 0, decides: false),
                ClaimPart.Below("Before RMSNorm it costs nothing in log-likelihood against none.", Nll("nll_rmsnorm_before_minus_none", 8, 7), 0, decides: false),
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
                XNames = ["none", "before", "before, recomputed", "behind the last", "behind, recomputed"],
                Series =
                [
                    ClaimSeries.Of("BatchNorm", [0, 1, 2, 3, 4], nll[..5], joined: false),
                    ClaimSeries.Of("LayerNorm", [0, 1], nll[5..7], joined: false),
                    ClaimSeries.Of("RMSNorm", [0, 1], nll[7..9], joined: false),
                ],
            });

        Measurement Error(string name, int one, int other) => Of(name, "%", trial => trial.Scores[one].Error - trial.Scores[other].Error);

        Measurement Nll(string name, int one, int other) => Of(name, "nats", trial => trial.Scores[one].Nll - trial.Scores[other].Nll);

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
            if (scores.Count == 2) // dropout before BatchNorm
            {
                VarianceShift[] shifts = [.. NormalizationClash.Measure(model, data.Train).Where(shift => shift.IsPredictedAtNorm)];
                (measured, predicted) = (shifts.Average(shift => shift.Measured), shifts.Average(shift => shift.Predicted!.Value));
            }

            if (scores.Count is 2 or 4)
            {
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
