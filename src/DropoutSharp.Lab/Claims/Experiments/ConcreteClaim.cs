using DropoutSharp.Torch;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Concrete dropout finds its rates: they fall with more data.</summary>
internal sealed class ConcreteClaim : Claim
{
    private static readonly int[] Sizes = [60, 120, 240, 480, 900];

    public override int Number => 10;

    public override string Name => "concrete";

    public override string Statement => "Concrete dropout finds its rates by itself: they fall as data grow.";

    public override string Method =>
        "The same network with concrete dropout before each layer learns from more and more rows, for the same number of steps and from the same initial rate of 0.2. The learned rate is the mean over its layers. "
        + "With the fewest rows, its test log-likelihood is held against that of the same network without dropout.";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(5, 15);
        Trial[][] trials = context.ForSettings(Sizes, seeds, (rows, seed) => Run(context, seed, rows));
        Measurement[] rates = [.. Sizes.Select((rows, i) => Measurement.Of($"rate_{rows}_rows", "", [.. trials[i].Select(trial => trial.Rate)]))];
        Measurement[] input = [.. Sizes.Select((rows, i) => Measurement.Of($"input_rate_{rows}_rows", "", [.. trials[i].Select(trial => trial.InputRate)]))];
        return new ClaimFindings(
            [
                ClaimPart.Above(
                    "The learned rate is lower with the most rows than with the fewest.",
                    Measurement.Of("rate_fewest_minus_most", "", [.. trials[0].Zip(trials[^1], (few, many) => few.Rate - many.Rate)]),
                    0),
                ClaimPart.Below(
                    "It falls from each size to the next on average: the slope over ln rows.",
                    Measurement.Of("slope_over_log_rows", "", [.. Enumerable.Range(0, seeds).Select(seed => Slope([.. trials.Select(each => each[seed].Rate)]))]),
                    0),
                ClaimPart.Below(
                    "With the fewest rows the log-likelihood is better than without dropout.",
                    Measurement.Of("nll_concrete_minus_none_fewest", "nats", [.. trials[0].Select(trial => trial.Nll - trial.NoneNll)]),
                    0,
                    decides: false),
            ],
            [
                .. rates,
                .. input,
                .. Sizes.Select((rows, i) => Measurement.Of($"nll_concrete_{rows}_rows", "nats", [.. trials[i].Select(trial => trial.Nll)])),
                Measurement.Of($"nll_none_{Sizes[0]}_rows", "nats", [.. trials[0].Select(trial => trial.NoneNll)]),
            ],
            new ClaimPicture
            {
                Description = "The drop rate that concrete dropout has learned against the number of training rows",
                XTitle = "Training rows",
                YTitle = "Learned drop rate",
                Series =
                [
                    ClaimSeries.Of("Mean over layers", Sizes.Select(rows => (double)rows), rates),
                    ClaimSeries.Of("Of the input", Sizes.Select(rows => (double)rows), input),
                ],
            });
    }

    private static double Slope(double[] rates)
    {
        double[] x = [.. Sizes.Select(rows => Math.Log(rows))];
        double mean = x.Average();
        return x.Zip(rates, (at, rate) => (at - mean) * rate).Sum() / x.Sum(at => (at - mean) * (at - mean));
    }

    private static Trial Run(ClaimContext context, int seed, int rows)
    {
        ClaimData data = context.Data(rows, seed);
        var training = new ClaimTraining(context.Choose(1000, 5000), LearningRate: 5e-3);
        using Sequential none = ClaimNetworks.Mlp(data, 100, 0, 0), concrete = Network(data);
        if (rows == Sizes[0])
        {
            training.Run(none, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        }

        training.Run(
            concrete, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation, _ => LearnedRegularizer.Of(concrete, data.TrainRows));
        IReadOnlyList<(string Path, double DropRate)> rates = LearnedDropout.Rates(concrete);
        return new Trial(
            rates.Average(rate => rate.DropRate),
            rates[0].DropRate,
            ClassScores.Plain(concrete, data.Test, data.TestLabels).Nll,
            ClassScores.Plain(none, data.Test, data.TestLabels).Nll);
    }

    private static Sequential Network(ClaimData data)
    {
        var options = new ConcreteDropoutOptions(0.2);
        return nn.Sequential(
            ("drop1", new ConcreteDropout(nn.Linear(data.Features, 100), options)),
            ("relu1", nn.ReLU()),
            ("drop2", new ConcreteDropout(nn.Linear(100, 100), options)),
            ("relu2", nn.ReLU()),
            ("output", new ConcreteDropout(nn.Linear(100, data.Classes), options)));
    }

    private sealed record Trial(double Rate, double InputRate, double Nll, double NoneNll);
}
