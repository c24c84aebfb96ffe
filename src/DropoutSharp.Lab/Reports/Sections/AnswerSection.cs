using System.Globalization;
using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Reports.Sections;

/// <summary>The top of the page: the answer in a sentence, and what is gained in figures.</summary>
internal static class AnswerSection
{
    /// <summary>Writes it.</summary>
    /// <param name="view">The comparison.</param>
    public static Html Render(ComparisonView view)
    {
        DataSummary data = view.Result.Data;
        string answer = view.Result.Verdict?.Sentence ?? "No answer yet: the comparison was stopped before it could be given.";
        (string headline, string rest) = answer.IndexOf(". ", StringComparison.Ordinal) is >= 0 and int end ? (answer[..(end + 1)], answer[(end + 2)..]) : (answer, string.Empty);
        string mood = view.Result.Verdict switch { { Helps: true } => "helps", null => "open", _ => "unclear" };
        Html stopped = view.Result.Complete ? Html.Empty : Html.Of($"""
            <p class="notice">This comparison was stopped early. What follows is what had been trained by then; <code>--resume</code> goes on from it.</p>

            """);
        return Html.Of($"""
            <header class="answer {mood}">
            <p class="kicker">Which dropout? · {data.Name} · {data.Task} of {data.Target}</p>
            <h1>{headline}</h1>
            <p class="lead">{rest}</p>
            {stopped}{Tiles(view)}
            </header>

            """);
    }

    private static Html Tiles(ComparisonView view)
    {
        if (view.Featured is not { } featured || view.None is not { } none)
        {
            return Html.Empty;
        }

        string prefix = view.RankedBy.IsMonteCarlo ? ScoreDescription.MonteCarloPrefix : string.Empty;
        bool isRecommended = featured == view.Recommended;
        string heading = isRecommended
            ? $"{ComparisonView.Label(featured)} against the same network without dropout"
            : $"The best with dropout, {ComparisonView.Label(featured)}, against the same network without";
        IEnumerable<Html> tiles = view.BaseScores.Select(score => Tile(view, featured, none, score, prefix));
        return Html.Of($"<h2 class=\"tiles-title\">{heading}</h2><ul class=\"tiles\">{tiles}{TimeTile(featured, none)}</ul>");
    }

    private static Html Tile(ComparisonView view, CandidateResult featured, CandidateResult none, string score, string prefix)
    {
        // Without dropout there is no Monte-Carlo mean: its plain evaluation is what one would use instead.
        if (!featured.Scores.TryGetValue(prefix + score, out ScoreSummary? with) || !none.Scores.TryGetValue(score, out ScoreSummary? without))
        {
            return Html.Empty;
        }

        ScoreFormat format = view.Format(score);
        ScoreDescription description = view.Describe(prefix + score);
        double difference = with.Mean - without.Mean;
        string unit = description.Unit == "%" ? " %" : string.Empty;
        // A log-likelihood of a density can be of any sign and size: a share of it would mean nothing.
        bool isRatioMeaningful = without.Mean > 0 && (view.IsClassification || score != "nll");
        string change = description.Unit == "%" ? $"{format.Difference(difference)} points"
            : !isRatioMeaningful ? format.Difference(difference)
            : $"{(difference < 0 ? "−" : "+")}{Math.Abs(100 * difference / Math.Abs(without.Mean)).ToString("0.#", CultureInfo.InvariantCulture)} %";
        bool isSeen = change.Any(character => character is >= '1' and <= '9');
        string sense = !isSeen ? "same" : description.IsImprovement(difference) ? "good" : "bad";
        string direction = description.HigherIsBetter ? "more is better" : "less is better";
        return Html.Of($"""
            <li class="tile"><span class="label" title="{description.LongLabel}; {direction}">{description.Label}</span>
            <strong>{format.Value(with.Mean)}{unit}</strong> <span class="change {sense}">{change}</span>
            <span class="from">without: {format.Value(without.Mean)}{unit}</span></li>

            """);
    }

    private static Html TimeTile(CandidateResult featured, CandidateResult none)
    {
        double ratio = featured.TrainingSeconds.Mean / none.TrainingSeconds.Mean;
        return double.IsFinite(ratio)
            ? Html.Of($"""
                <li class="tile"><span class="label">Training time</span>
                <strong>{ReportText.Seconds(featured.TrainingSeconds.Mean)}</strong> <span class="change same">{ratio.ToString("0.0#", CultureInfo.InvariantCulture)}×</span>
                <span class="from">without: {ReportText.Seconds(none.TrainingSeconds.Mean)}</span></li>

                """)
            : Html.Empty;
    }
}
