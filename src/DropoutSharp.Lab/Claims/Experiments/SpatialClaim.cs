using System.Globalization;
using DropoutSharp.Torch;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Spatial dropout against elementwise dropout on convolutional maps.</summary>
internal sealed class SpatialClaim : Claim
{
    private const int Rows = 100;
    private const int Side = 24;
    private const int NoiseRows = 200;
    private const int NoisePasses = 12;
    private const string DropName = "drop";
    private const string PoolName = "pool2";

    private static readonly double[] Rates = [0, 0.2, 0.35, 0.5];

    public override int Number => 7;

    public override string Name => "spatial";

    public override string Statement =>
        "On convolutional maps, whose neighbours know of each other, dropping single values averages out; dropping whole maps is real noise, and at the same rate regularises more.";

    public override string Method =>
        "A convolutional network whose last maps are averaged over 3×3 parts before the output learns from few images, with elementwise or spatial dropout on those maps at rates to one half. "
        + "Small images are enlarged (bilinear) to 24×24 or more, so that maps have neighbours that can know of each other. Measured: the correlation of values next to each other within a map, without dropout; the variance that dropout adds to the "
        + "averages, over their variance without, at rate 0.35; how much worse the log-likelihood is on test rows than on training rows, at the same rates; and test log-likelihood, at the same rates, and each variant at the rate that is best for it over all seeds.";

    internal override string? Lacks(ClaimContext context) => context.HasImages ? null : "images";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(14, 24);
        Trial[][] element = context.ForSettings(Rates, seeds, (rate, seed) => Run(context, seed, rate, spatial: false));
        Trial[][] spatial = context.ForSettings(Rates[1..], seeds, (rate, seed) => Run(context, seed, rate, spatial: true));
        spatial = [element[0], .. spatial];
        int bestElement = Best(element), bestSpatial = Best(spatial), noisy = Array.IndexOf(Rates, 0.35);
        return new ClaimFindings(
            [
                ClaimPart.Above("Values next to each other within a map are correlated.", Measurement.Of("neighbour_correlation", "", [.. element[0].Select(trial => trial.Correlation)]), 0.5),
                ClaimPart.Above(
                    "More noise arrives from dropped maps than from dropped values, at the same rate.",
                    Measurement.Of("noise_spatial_over_elementwise", "", [.. spatial[noisy].Zip(element[noisy], (one, other) => one.Noise / other.Noise)]),
                    1),
                ClaimPart.Below(
                    "At the same rates, test rows are less worse than training rows with spatial than with elementwise dropout.",
                    Measurement.Of("nll_gap_spatial_minus_elementwise", "nats", [.. Enumerable.Range(0, seeds).Select(seed => Gap(spatial, seed) - Gap(element, seed))]),
                    0),
                ClaimPart.Below(
                    "At the same rates, it is better in log-likelihood.",
                    Measurement.Of(
                        "nll_spatial_minus_elementwise_same_rates", "nats", [.. Enumerable.Range(0, seeds).Select(seed => TestNll(spatial, seed) - TestNll(element, seed))]),
                    0),
                ClaimPart.Below(
                    "Spatial dropout at its best rate is better in log-likelihood than elementwise dropout at its best.",
                    Difference("nll_spatial_minus_elementwise", "nats", spatial[bestSpatial], element[bestElement], trial => trial.Test.Nll),
                    0,
                    decides: false),
                ClaimPart.Below(
                    "It has a lower test error.",
                    Difference("error_spatial_minus_elementwise", "%", spatial[bestSpatial], element[bestElement], trial => trial.Test.Error),
                    0,
                    decides: false),
                ClaimPart.Below(
                    "Spatial dropout beats none in log-likelihood.",
                    Difference("nll_spatial_minus_none", "nats", spatial[bestSpatial], element[0], trial => trial.Test.Nll),
                    0,
                    decides: false),
            ],
            [
                Measurement.Exact("best_rate_elementwise", "", Rates[bestElement]),
                Measurement.Exact("best_rate_spatial", "", Rates[bestSpatial]),
                .. Nll("nll_elementwise_", element, trial => trial.Test.Nll),
                .. Nll("nll_spatial_", spatial, trial => trial.Test.Nll),
                .. Nll("train_nll_elementwise_", element, trial => trial.TrainNll),
                .. Nll("train_nll_spatial_", spatial, trial => trial.TrainNll),
                Measurement.Of("noise_elementwise", "", [.. element[noisy].Select(trial => trial.Noise)]),
                Measurement.Of("noise_spatial", "", [.. spatial[noisy].Select(trial => trial.Noise)]),
            ],
            new ClaimPicture
            {
                Description = "Test negative log-likelihood against the drop rate on the last convolutional maps, elementwise and spatial",
                XTitle = "Drop rate on the last maps",
                YTitle = "Test NLL, nats",
                Series =
                [
                    ClaimSeries.Of("Elementwise", Rates, Nll("", element, trial => trial.Test.Nll)),
                    ClaimSeries.Of("Spatial (whole maps)", Rates, Nll("", spatial, trial => trial.Test.Nll)),
                ],
            });
    }

    private static int Best(Trial[][] trials) => Array.IndexOf(trials, trials.MinBy(each => each.Average(trial => trial.Test.Nll)));

    private static double Gap(Trial[][] trials, int seed) => trials[1..].Average(each => each[seed].Test.Nll - each[seed].TrainNll);

    private static double TestNll(Trial[][] trials, int seed) => trials[1..].Average(each => each[seed].Test.Nll);

    private static Measurement Difference(string name, string unit, Trial[] one, Trial[] other, Func<Trial, double> figure) =>
        Measurement.Of(name, unit, [.. one.Zip(other, (a, b) => figure(a) - figure(b))]);

    private static Measurement[] Nll(string prefix, Trial[][] trials, Func<Trial, double> figure) =>
        [.. Rates.Select((rate, i) => Measurement.Of(string.Create(CultureInfo.InvariantCulture, $"{prefix}{rate}"), "nats", [.. trials[i].Select(figure)]))];

    private static Trial Run(ClaimContext context, int seed, double rate, bool spatial)
    {
        ClaimData data = context.Data(Rows, seed);
        using Sequential model = Network(data, spatial ? new SpatialDropout2d(rate) : new Dropout(rate));
        new ClaimTraining(context.Choose(200, 600), BatchSize: 50, LearningRate: 5e-3).Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        Tensor few = data.Test.narrow(0, 0, Math.Min(NoiseRows, data.Test.shape[0]));
        return new Trial(
            ClassScores.Plain(model, data.Test, data.TestLabels),
            ClassScores.Plain(model, data.Train, data.TrainLabels).Nll,
            rate == 0 ? 0 : Noise(model, few, context.Key(seed)),
            rate == 0 ? Correlation(model, few) : 0);
    }

    private static Sequential Network(ClaimData data, nn.Module<Tensor, Tensor> dropout)
    {
        const int First = 16, Last = 48, Places = 3;
        int times = (int)Math.Max(1, (Side + data.Shape[2] - 1) / data.Shape[2]);
        return nn.Sequential(
            ("images", nn.Unflatten(1, data.Shape)),
            ("enlarge", times == 1 ? nn.Identity() : nn.Upsample(scale_factor: [times, times], mode: UpsampleMode.Bilinear, align_corners: false)),
            ("conv1", nn.Conv2d(data.Shape[0], First, 5, padding: 2)),
            ("relu1", nn.ReLU()),
            ("pool1", nn.MaxPool2d(2)),
            ("conv2", nn.Conv2d(First, Last, 3, padding: 1)),
            ("relu2", nn.ReLU()),
            (DropName, dropout),
            (PoolName, nn.AdaptiveAvgPool2d(Places)),
            ("flatten", nn.Flatten()),
            ("output", nn.Linear(Last * Places * Places, data.Classes)));
    }

    /// <summary>The variance that masks add to the maps' averages, over their variance over images.</summary>
    private static double Noise(Sequential model, Tensor rows, ulong key)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor[] draws = [.. ClassScores.Draws(model, NoisePasses, key, () => UpTo(model, PoolName, rows))];
        return stack(draws).var(0, unbiased: true).mean().item<float>() / UpTo(model, PoolName, rows).var(0, unbiased: true).mean().item<float>();
    }

    /// <summary>The correlation, within each map over images and places, of values beside and below each other; the mean over maps that are not constant.</summary>
    private static double Correlation(Sequential model, Tensor rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor maps = UpTo(model, DropName, rows).to(float64);
        return Enumerable.Range(2, 2).Average(axis =>
        {
            long length = maps.shape[axis];
            Tensor one = Centred(maps.narrow(axis, 0, length - 1)), other = Centred(maps.narrow(axis, 1, length - 1));
            Tensor products = (one * other).mean([0, 2, 3]), deviations = (one.Squared().mean([0, 2, 3]) * other.Squared().mean([0, 2, 3])).sqrt();
            return (products / deviations).masked_select(deviations.to(ScalarType.Bool)).mean().item<double>();
        });

        static Tensor Centred(Tensor values) => values - values.mean([0, 2, 3], keepdim: true);
    }

    /// <summary>What the layers up to one of them compute.</summary>
    private static Tensor UpTo(Sequential model, string last, Tensor rows)
    {
        Tensor output = rows;
        foreach ((string name, nn.Module module) in model.named_children())
        {
            output = ((nn.Module<Tensor, Tensor>)module).call(output);
            if (name == last)
            {
                break;
            }
        }

        return output;
    }

    private sealed record Trial(ClassScores Test, double TrainNll, double Noise, double Correlation);
}
