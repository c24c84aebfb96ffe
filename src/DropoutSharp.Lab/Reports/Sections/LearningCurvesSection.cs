using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Reports.Charts;

namespace DropoutSharp.Lab.Reports.Sections;

/// <summary>Loss on training and validation rows by epoch, without dropout and with the featured candidate.</summary>
internal static class LearningCurvesSection
{
    /// <summary>Writes it.</summary>
    /// <param name="view">The comparison.</param>
    public static Html Render(ComparisonView view)
    {
        CandidateResult[] shown = [.. new[] { view.None, view.Featured }.OfType<CandidateResult>().Distinct()
            .Where(static candidate => candidate.Trials.Any(static trial => trial.Epochs.Count > 0))];
        if (shown.Length == 0)
        {
            return Html.Empty;
        }

        EpochMetrics[] epochs = [.. shown.SelectMany(static candidate => candidate.Trials).SelectMany(static trial => trial.Epochs)];
        Scale x = Scale.Linear([1, epochs.Max(static epoch => epoch.Epoch)], 6, tight: true);
        x = Scale.Fixed(x.Minimum, Math.Max(x.Maximum, 2), [.. x.Ticks.Where(static tick => tick == Math.Floor(tick) && tick >= 1)]);
        Scale y = Scale.LogarithmicWhereWide(epochs.SelectMany(static epoch => new[] { epoch.TrainLoss, epoch.ValidationLoss }), 6);
        IEnumerable<Html> pictures = shown.Select(candidate => Picture(view, candidate, x, y));
        string seeds = shown.Any(static candidate => candidate.Trials.Count > 1) ? " Thin lines are single seeds, thick ones their mean as far as all seeds went." : string.Empty;
        return Html.Of($"""
            <section id="learning"><h2>Learning curves</h2>
            <p>Mean loss by epoch, on the same axes. Training loss is taken with dropout on, so it can lie above the validation loss; a validation loss that turns up while the training loss falls is overfitting. The marks are the epochs whose weights were kept.{seeds}</p>
            <div class="charts">
            {pictures}</div></section>

            """);
    }

    private static Html Picture(ComparisonView view, CandidateResult candidate, Scale x, Scale y)
    {
        SeriesStyle validation = candidate == view.None ? SeriesStyle.None : SeriesStyle.Recommended;
        SeriesStyle training = validation with { Dashed = true };
        Chart chart = new()
        {
            Description = $"Training and validation loss by epoch, {ComparisonView.Label(candidate)}",
            Heading = candidate == view.None ? "Without dropout" : ComparisonView.Label(candidate),
            XTitle = "Epoch",
            YTitle = view.IsClassification ? "Loss (nats a row)" : "Loss (a row)",
            X = x,
            Y = y,
            Legend = [new(training, "training", HasPoint: false), new(validation, "validation")],
        };
        return chart.Render(area => Curve(area, candidate, training, static epoch => epoch.TrainLoss)
            .Concat(Curve(area, candidate, validation, static epoch => epoch.ValidationLoss))
            .Concat(candidate.Trials.Where(static trial => trial.BestEpoch >= 1 && trial.BestEpoch <= trial.Epochs.Count).Select(trial =>
                Marks.Point(area, validation, trial.BestEpoch, trial.Epochs[trial.BestEpoch - 1].ValidationLoss, $"seed {trial.Seed}: epoch {trial.BestEpoch} was kept", radius: 4))));
    }

    private static IEnumerable<Html> Curve(PlotArea area, CandidateResult candidate, SeriesStyle style, Func<EpochMetrics, double> loss)
    {
        TrialResult[] trials = [.. candidate.Trials.Where(static trial => trial.Epochs.Count > 0)];
        if (trials.Length > 1)
        {
            foreach (TrialResult trial in trials)
            {
                yield return Marks.Line(area, style, trial.Epochs.Select(epoch => ((double)epoch.Epoch, loss(epoch))), "faint");
            }
        }

        int common = trials.Min(static trial => trial.Epochs.Count);
        yield return Marks.Line(area, style, Enumerable.Range(0, common).Select(i => ((double)trials[0].Epochs[i].Epoch, trials.Average(trial => loss(trial.Epochs[i])))));
    }
}
