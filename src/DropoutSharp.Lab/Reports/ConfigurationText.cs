using System.Globalization;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Reports;

/// <summary>A comparison's options as a person reads them.</summary>
public static class ConfigurationText
{
    /// <summary>Name and value of every option that decides a result.</summary>
    /// <param name="options">The options, with nothing left open.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (NetworkOptions network, TrainingOptions training) = (options.Network, options.Training);
        string rates = options.Rates is { Count: > 0 } given ? string.Join(", ", given.Select(ComparisonView.Rate)) : "each variant’s own";
        List<KeyValuePair<string, string>> text =
        [
            new("Variants", string.Join(", ", options.Variants ?? [])),
            new("Drop rates", rates),
            new("Seeds", string.Join(", ", options.Seeds)),
            new("Optimizer", $"AdamW, learning rate {Number(training.LearningRate)}, {Decay(training.Decay)}, weight decay {Number(training.WeightDecay)}"),
            new("Batch size", ReportText.Count(training.BatchSize, "row")),
            new("Epochs", training.Patience == 0
                ? $"{ReportText.Count(training.Epochs ?? 0)}, all of them"
                : $"at most {ReportText.Count(training.Epochs ?? 0)}; stops after {ReportText.Count(training.Patience ?? 0)} without a lower validation loss"),
            new("Monte-Carlo passes", ReportText.Count(options.MonteCarloPasses)),
            new("Threads a training", ReportText.Count(training.Threads)),
        ];
        if (network.InputDropRate > 0)
        {
            text.Insert(2, new("Drop rate of the inputs", ComparisonView.Rate(network.InputDropRate)));
        }

        if (network.Norm != Normalization.None)
        {
            text.Insert(2, new("Normalisation", network.Norm.ToString().ToLowerInvariant()));
        }

        return text;
    }

    private static string Number(double value) => value.ToString("0.########", CultureInfo.InvariantCulture);

    private static string Decay(LearningRateDecay decay) => decay switch
    {
        LearningRateDecay.Constant => "constant",
        LearningRateDecay.Linear => "falling linearly to 0",
        LearningRateDecay.Cosine => "falling along a cosine to 0",
        _ => decay.ToString(),
    };
}
