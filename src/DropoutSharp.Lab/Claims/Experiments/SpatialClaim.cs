using DropoutSharp.Torch;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Spatial dropout against elementwise dropout on convolutional maps.</summary>
internal sealed class SpatialClaim : Claim
{
    private const int Rows = 100;

    private static readonly double[] Rates = [0, 0.1, 0.2, 0.35, 0.5];

    public override int Number => 7;

    public override string Name => "spatial";

    public override string Statement =>
        "On convolutional maps, whose neighbours know of each other, dropping whole maps is real noise where dropping single values is not, and regularises better.";

    public override string Method =>
        "A small convolutional network learns from few images, with elementwise or spatial dropout behind its convolutions at several rates. How much noise arrives: the variance that the dropout behind the first "
        + "convolution adds to what the second one computes, over its variance without, at rate 0.2. And test log-likelihood, each variant at the rate that is best for it over all seeds.";

    internal override string? Lacks(ClaimContext context) => context.HasImages ? null : "images";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(8, 24);
        Trial[][] element = context.ForSettings(Rates, seeds, (rate, seed) => Run(context, seed, rate, spatial: false));
        Trial[][] spatial = context.ForSettings(Rates[1..], seeds, (rate, seed) => Run(context, seed, rate, spatial: true));
        spatial = [element[0], .. spatial];
        int bestElement = Best(element), bestSpatial = Best(spatial), noisy = Array.IndexOf(Rates, 0.2);
        return new ClaimFindings(
            [
                ClaimPart.Above(
                    "More noise arrives from dropped maps than from dropped values, at the same rate.",
                    Measurement.Of("noise_spatial_over_elementwise", "", [.. spatial[noisy].Zip(element[noisy], (one, other) => one.Noise / other.Noise)]),
                    1),
                ClaimPart.Below(
                    "Spatial dropout at its best rate is better in log-likelihood than elementwise dropout at its best.",
                    Difference("nll_spatial_minus_elementwise", "nats", spatial[bestSpatial], element[bestElement], trial => trial.Scores.Nll),
                    0),
                ClaimPart.Below(
                    "It has a lower test error.",
                    Difference("error_spatial_minus_elementwise", "%", spatial[bestSpatial], element[bestElement], trial => trial.Scores.Error),
                    0,
                    decides: false),
                ClaimPart.Below(
                    "Spatial dropout beats none in log-likelihood.",
                    Difference("nll_spatial_minus_none", "nats", spatial[bestSpatial], element[0], trial => trial.Scores.Nll),
                    0,
                    decides: false),
            ],
            [
                Measurement.Exact("best_rate_elementwise", "", Rates[bestElement]),
                Measurement.Exact("best_rate_spatial", "", Rates[bestSpatial]),
                .. Nll("nll_elementwise_", element),
                .. Nll("nll_spatial_", spatial),
                Measurement.Of("noise_elementwise", "", [.. element[noisy].Select(trial => trial.Noise)]),
                Measurement.Of("noise_spatial", "", [.. spatial[noisy].Select(trial => trial.Noise)]),
            ],
            new ClaimPicture
            {
                Description = "Test negative log-likelihood against the drop rate behind convolutions, elementwise and spatial",
                XTitle = "Drop rate behind convolutions",
                YTitle = "Test NLL, nats",
                Series = [ClaimSeries.Of("Elementwise", Rates, Nll("", element)), ClaimSeries.Of("Spatial (whole maps)", Rates, Nll("", spatial))],
            });
    }

    private static int Best(Trial[][] trials) => Array.IndexOf(trials, trials.MinBy(each => each.Average(trial => trial.Scores.Nll)));

    private static Measurement Difference(string name, string unit, Trial[] one, Trial[] other, Func<Trial, double> figure) =>
        Measurement.Of(name, unit, [.. one.Zip(other, (a, b) => figure(a) - figure(b))]);

    private static Measurement[] Nll(string prefix, Trial[][] trials) =>
        [.. Rates.Select((rate, i) => Measurement.Of(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{rate}"), "nats", [.. trials[i].Select(trial => trial.Scores.Nll)]))];

    private static Trial Run(ClaimContext context, int seed, double rate, bool spatial)
    {
        ClaimData data = context.Data(Rows, seed);
        using Sequential model = ClaimNetworks.Cnn(data, 16, () => spatial ? new SpatialDropout2d(rate) : new Dropout(rate));
        new ClaimTraining(context.Choose(400, 1500), BatchSize: 50).Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        return new Trial(ClassScores.Plain(model, data.Test, data.TestLabels), rate == 0 ? 0 : Noise(model, data.Test.narrow(0, 0, Math.Min(200, data.Test.shape[0])), context.Key(seed)));
    }

    /// <summary>The variance that masks add to what the second convolution computes, over its variance over images and places.</summary>
    private static double Noise(Sequential model, Tensor rows, ulong key)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor[] draws = [.. ClassScores.Draws(model, 12, key, SecondConvolution)];
        Tensor plain = SecondConvolution();
        double added = stack(draws).var(0, unbiased: true).mean().item<float>();
        return added / plain.var(0, unbiased: true).mean().item<float>();

        Tensor SecondConvolution()
        {
            Tensor output = rows;
            foreach ((string name, nn.Module module) in model.named_children())
            {
                output = ((nn.Module<Tensor, Tensor>)module).call(output);
                if (name == "conv2")
                {
                    break;
                }
            }

            return output;
        }
    }

    private sealed record Trial(ClassScores Scores, double Noise);
}
