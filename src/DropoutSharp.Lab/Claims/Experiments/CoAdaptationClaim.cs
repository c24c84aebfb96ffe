using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Dropout reduces co-adaptation.</summary>
internal sealed class CoAdaptationClaim : Claim
{
    private const int Rows = 500;

    public override int Number => 5;

    public override string Name => "co-adaptation";

    public override string Statement =>
        "Dropout keeps units from relying on each other: a network trained with it loses less when units are deleted, and its activations are sparser.";

    public override string Method =>
        "The same network is trained without dropout and with rate one half behind its hidden layers. On held-out rows, its first hidden layer is examined: the accuracy that is left when a random share of "
        + "its units is deleted (the area under that curve, over the accuracy with all of them), the share of the variance of a unit's usefulness that other units decide, the mean activation "
        + "and the correlation of units. Differences are within a seed, with dropout minus without. Correlation is told beside: units that can stand in for each other rely on each other less and may be more alike.";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(8, 24);
        double[] rates = [0, 0.5];
        CoAdaptationReport[][] reports = context.ForSettings(rates, seeds, (rate, seed) => Report(context, rate, seed));
        return new ClaimFindings(
            [
                ClaimPart.Above("More accuracy is left when units are deleted.", Difference("relative_deletion_area_difference", report => report.RelativeDeletionArea), 0),
                ClaimPart.Below("A unit's usefulness depends less on which others are there.", Difference("context_dependence_difference", report => report.ContextDependence), 0),
                ClaimPart.Above("Activations are sparser (Hoyer).", Difference("sparsity_difference", report => report.Sparsity), 0),
                ClaimPart.Below("Units are less correlated.", Difference("mean_absolute_correlation_difference", report => report.MeanAbsoluteCorrelation), 0, decides: false),
            ],
            [
                .. Both("relative_deletion_area", report => report.RelativeDeletionArea),
                .. Both("context_dependence", report => report.ContextDependence),
                .. Both("sparsity", report => report.Sparsity),
                .. Both("mean_activation", report => report.MeanActivation),
                .. Both("share_of_zeros", report => report.ShareOfZeros),
                .. Both("mean_absolute_correlation", report => report.MeanAbsoluteCorrelation),
                .. Both("effective_units", report => report.EffectiveUnits),
            ],
            new ClaimPicture
            {
                Description = "Accuracy against the share of hidden units that is deleted, without and with dropout in training",
                XTitle = "Share of hidden units deleted",
                YTitle = "Test accuracy, %",
                Series = [Curve("Trained without dropout", reports[0]), Curve("Trained with rate 0.5", reports[1])],
            });

        Measurement Difference(string name, Func<CoAdaptationReport, double> figure) =>
            Measurement.Of(name, "", [.. reports[1].Zip(reports[0], (with, without) => figure(with) - figure(without))]);

        Measurement[] Both(string name, Func<CoAdaptationReport, double> figure) =>
            [Measurement.Of(name + "_none", "", [.. reports[0].Select(figure)]), Measurement.Of(name + "_dropout", "", [.. reports[1].Select(figure)])];
    }

    private static ClaimSeries Curve(string name, CoAdaptationReport[] reports) => ClaimSeries.Of(
        name,
        reports[0].DeletionCurve.Select(point => point.Share),
        Enumerable.Range(0, reports[0].DeletionCurve.Count).Select(i => Measurement.Of("accuracy", "%", [.. reports.Select(report => 100 * report.DeletionCurve[i].Score)])));

    private static CoAdaptationReport Report(ClaimContext context, double rate, int seed)
    {
        ClaimData data = context.Data(Rows, seed);
        using var model = ClaimNetworks.Mlp(data, 128, 0, rate);
        new ClaimTraining(context.Choose(500, 2000)).Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        return CoAdaptation.Measure(model, "relu1", data.Test, data.TestLabels, new CoAdaptationOptions { Seed = context.Key(seed), Units = 24, Contexts = 8 });
    }
}
