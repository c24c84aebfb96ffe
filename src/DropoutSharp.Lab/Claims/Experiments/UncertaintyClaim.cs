using DropoutSharp.Torch;
using DropoutSharp.Uncertainty;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Monte-Carlo dropout's uncertainty grows away from the data, flags foreign data, and improves likelihood and calibration.</summary>
internal sealed class UncertaintyClaim : Claim
{
    private const int Rows = 100;
    private const int RowsOfKnownClasses = 600;

    public override int Number => 4;

    public override string Name => "uncertainty";

    public override string Statement =>
        "Monte-Carlo dropout knows what it does not know: its spread grows away from the data, it flags foreign data, and it improves log-likelihood and calibration.";

    public override string Method =>
        "A regression network learns a curve from points in [−1, 1]; the spread of its passes is compared in and out of that range. A classifier learns only some of the classes; the entropy of its mean prediction must tell the other "
        + "classes' rows from its own (area under the ROC curve; one half is chance). A classifier of all classes is compared with one trained without dropout: "
        + "log-likelihood and expected calibration error of the Monte-Carlo mean on test rows.";

    internal override string? Lacks(ClaimContext context) => context.Classes >= 3 ? null : "three classes or more, so that some can be foreign";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(8, 24), passes = context.Choose(50, 200);
        Curve[] curves = context.ForSeeds(seeds, seed => Regress(context, seed, 4 * passes));
        (double Dropout, double None)[] foreign = context.ForSeeds(seeds, seed => Foreign(context, seed, passes));
        Classes[] classes = context.ForSeeds(seeds, seed => Classify(context, seed, passes));
        return new ClaimFindings(
            [
                ClaimPart.Above("The spread at distance 1 from the data is larger than among them.", Measurement.Of("spread_away_over_inside", "", [.. curves.Select(curve => curve.Ratio)]), 1.5),
                ClaimPart.Above("Foreign classes are told from known ones.", Measurement.Of("auroc_foreign", "", [.. foreign.Select(each => each.Dropout)]), 0.8),
                ClaimPart.Below(
                    "The log-likelihood is better than without dropout.",
                    Measurement.Of("nll_monte_carlo_minus_none", "nats", [.. classes.Select(each => each.MonteCarlo.Nll - each.None.Nll)]),
                    0),
                ClaimPart.Below(
                    "The calibration error is lower than without dropout.",
                    Measurement.Of("ece_monte_carlo_minus_none", "%", [.. classes.Select(each => each.MonteCarlo.CalibrationError - each.None.CalibrationError)]),
                    0),
                ClaimPart.Above(
                    "They are told better than by the same network trained without dropout.",
                    Measurement.Of("auroc_foreign_minus_none", "", [.. foreign.Select(each => each.Dropout - each.None)]),
                    0,
                    decides: false),
                ClaimPart.Below(
                    "The log-likelihood is better than that of the same network with scaled weights.",
                    Measurement.Of("nll_monte_carlo_minus_weight_scaling", "nats", [.. classes.Select(each => each.MonteCarlo.Nll - each.Scaled.Nll)]),
                    0,
                    decides: false),
            ],
            [
                Measurement.Of("auroc_foreign_none", "", [.. foreign.Select(each => each.None)]),
                Measurement.Of("nll_none", "nats", [.. classes.Select(each => each.None.Nll)]),
                Measurement.Of("nll_weight_scaling", "nats", [.. classes.Select(each => each.Scaled.Nll)]),
                Measurement.Of("nll_monte_carlo", "nats", [.. classes.Select(each => each.MonteCarlo.Nll)]),
                Measurement.Of("ece_none", "%", [.. classes.Select(each => each.None.CalibrationError)]),
                Measurement.Of("ece_weight_scaling", "%", [.. classes.Select(each => each.Scaled.CalibrationError)]),
                Measurement.Of("ece_monte_carlo", "%", [.. classes.Select(each => each.MonteCarlo.CalibrationError)]),
            ],
            new ClaimPicture
            {
                Description = "The standard deviation of the passes of a regression network against its input; it has learned from inputs between −1 and 1",
                XTitle = "Input (data lie between −1 and 1)",
                YTitle = "Standard deviation of the passes",
                Series =
                [
                    ClaimSeries.Of(
                        "Monte-Carlo dropout",
                        Curve.Inputs,
                        Curve.Inputs.Select((_, i) => Measurement.Of("spread", "", [.. curves.Select(curve => curve.Spread[i])]))),
                ],
            });
    }

    private static Curve Regress(ClaimContext context, int seed, int passes)
    {
        const int Points = 80;
        ulong key = context.Key(seed);
        var stream = new MaskStream(MaskStream.DeriveKey(key, 7));
        double[] inputs = [.. Enumerable.Range(0, Points).Select(i => (2 * stream.Uniform(i)) - 1)];
        var noise = stream with { Site = 1 };
        Tensor x = tensor(inputs.Select(at => (float)at).ToArray()).unsqueeze(1);
        Tensor y = tensor(inputs.Select((at, i) => (float)(Math.Sin(4 * at) + (0.1 * noise.Normal(i)))).ToArray()).unsqueeze(1);
        using var model = nn.Sequential(
            ("linear1", nn.Linear(1, 128)), ("relu1", nn.ReLU()), ("drop1", new Dropout(0.1)),
            ("linear2", nn.Linear(128, 128)), ("relu2", nn.ReLU()), ("drop2", new Dropout(0.1)), ("output", nn.Linear(128, 1)));
        new ClaimTraining(context.Choose(800, 3000), Points).Regress(model, x, y, key, context.Cancellation);
        using var noGradient = no_grad();
        Tensor grid = tensor(Curve.Inputs.Select(at => (float)at).ToArray()).unsqueeze(1);
        Tensor spread = stack([.. ClassScores.Draws(model, passes, key, () => model.call(grid).to(float64))]).std(0).flatten();
        return new Curve([.. spread.data<double>()]);
    }

    private static (double Dropout, double None) Foreign(ClaimContext context, int seed, int passes)
    {
        ClaimData data = context.Data(RowsOfKnownClasses, seed);
        int known = Math.Max(2, data.Classes / 2);
        Tensor own = data.TrainLabels.lt(known).nonzero().flatten();
        Tensor rows = data.Train.index_select(0, own), labels = data.TrainLabels.index_select(0, own);
        bool[] isForeign = [.. data.TestLabels.ge(known).data<bool>()];
        var training = new ClaimTraining(context.Choose(500, 2000));
        using var model = ClaimNetworks.Mlp(data, 256, 0.2, 0.5);
        using var none = ClaimNetworks.Mlp(data, 256, 0, 0);
        training.Run(model, rows, labels, context.Key(seed), context.Cancellation);
        training.Run(none, rows, labels, context.Key(seed), context.Cancellation);
        return (
            Auroc(ClassScores.MonteCarloMean(model, data.Test, passes, context.Key(seed)), isForeign),
            Auroc(ClassScores.Probabilities(none, data.Test), isForeign));
    }

    private static double Auroc(Tensor probabilities, bool[] isForeign)
    {
        double[] entropy = [.. (-xlogy(probabilities, probabilities).sum(1)).data<double>()];
        return OutOfDistribution.Auroc<double>(
            [.. entropy.Where((_, i) => !isForeign[i])], [.. entropy.Where((_, i) => isForeign[i])]);
    }

    private static Classes Classify(ClaimContext context, int seed, int passes)
    {
        ClaimData data = context.Data(Rows, seed);
        var training = new ClaimTraining(context.Choose(2000, 4000));
        using var none = ClaimNetworks.Mlp(data, 256, 0, 0);
        using var model = ClaimNetworks.Mlp(data, 256, 0, 0.5);
        training.Run(none, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        training.Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        return new Classes(
            ClassScores.Plain(none, data.Test, data.TestLabels),
            ClassScores.Plain(model, data.Test, data.TestLabels),
            ClassScores.Of(ClassScores.MonteCarloMean(model, data.Test, passes, context.Key(seed)), data.TestLabels));
    }

    private sealed record Curve(double[] Spread)
    {
        public static double[] Inputs { get; } = [.. Enumerable.Range(0, 25).Select(i => -3 + (0.25 * i))];

        public double Ratio =>
            Spread.Where((_, i) => Math.Abs(Inputs[i]) is >= 2 and <= 2.25).Average() / Spread.Where((_, i) => Math.Abs(Inputs[i]) <= 1).Average();
    }

    private sealed record Classes(ClassScores None, ClassScores Scaled, ClassScores MonteCarlo);
}
