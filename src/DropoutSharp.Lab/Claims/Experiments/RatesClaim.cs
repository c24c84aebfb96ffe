using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Test error against the rate: a valley around one half in hidden layers, near zero on the input, lower for convolutions.</summary>
internal sealed class RatesClaim : Claim
{
    private const int Rows = 300;

    private static readonly double[] HiddenRates = [0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9];
    private static readonly double[] InputRates = [0, 0.1, 0.2, 0.35, 0.5, 0.7];
    private static readonly double[] ConvolutionRates = [0, 0.1, 0.2, 0.35, 0.5, 0.7];

    public override int Number => 2;

    public override string Name => "rates";

    public override string Statement =>
        "Test error against the hidden rate is a valley around one half; against the input rate it is lowest much nearer to keeping everything; convolutions want less than fully connected layers.";

    public override string Method =>
        "A wide network learns from few rows, with dropout behind its hidden layers or on its input; a small convolutional network with dropout behind its convolutions. "
        + "Test error at each rate, the same seeds at all. The best rate of a seed is the middle of the rates whose error is within one row of its lowest.";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(8, 24);
        context.Images(Rows, 0);
        double[][] hidden = context.ForSettings(HiddenRates, seeds, (rate, seed) => Error(context, seed, data => ClaimNetworks.Mlp(data, 512, 0, rate)));
        double[][] input = context.ForSettings(InputRates, seeds, (rate, seed) => Error(context, seed, data => ClaimNetworks.Mlp(data, 512, rate, 0)));
        double[][] convolution = context.ForSettings(
            ConvolutionRates, seeds, (rate, seed) => Error(context, seed, data => ClaimNetworks.Cnn(data, 16, () => new Dropout(rate))));
        double[] bestHidden = Best(HiddenRates, hidden), bestInput = Best(InputRates, input), bestConvolution = Best(ConvolutionRates, convolution);
        double[] middle = [.. Enumerable.Range(0, seeds).Select(seed => (At(0.4)[seed] + At(0.5)[seed] + At(0.6)[seed]) / 3)];
        return new ClaimFindings(
            [
                ClaimPart.Above(
                    "Keeping every hidden unit is worse than dropping about half.",
                    Measurement.Of("error_hidden_0_minus_middle", "%", Difference(At(0), middle)),
                    0),
                ClaimPart.Above(
                    "Dropping nine tenths is worse than dropping about half.",
                    Measurement.Of("error_hidden_0.9_minus_middle", "%", Difference(At(0.9), middle)),
                    0),
                ClaimPart.Above(
                    "The best input rate is lower than the best hidden rate.",
                    Measurement.Of("best_hidden_minus_best_input", "", Difference(bestHidden, bestInput)),
                    0),
                ClaimPart.Above(
                    "The best rate for convolutions is lower than the best hidden rate.",
                    Measurement.Of("best_hidden_minus_best_convolution", "", Difference(bestHidden, bestConvolution)),
                    0),
            ],
            [
                Measurement.Of("best_hidden_rate", "", bestHidden),
                Measurement.Of("best_input_rate", "", bestInput),
                Measurement.Of("best_convolution_rate", "", bestConvolution),
                .. Errors("error_hidden_", HiddenRates, hidden),
                .. Errors("error_input_", InputRates, input),
                .. Errors("error_convolution_", ConvolutionRates, convolution),
            ],
            new ClaimPicture
            {
                Description = "Test error against the drop rate, for hidden layers, the input and convolutions",
                XTitle = "Drop rate",
                YTitle = "Test error, %",
                Series =
                [
                    ClaimSeries.Of("Hidden layers", HiddenRates, Errors("", HiddenRates, hidden)),
                    ClaimSeries.Of("Input", InputRates, Errors("", InputRates, input)),
                    ClaimSeries.Of("Convolutions", ConvolutionRates, Errors("", ConvolutionRates, convolution)),
                ],
            });

        double[] At(double rate) => hidden[Array.IndexOf(HiddenRates, rate)];
    }

    private static double Error(ClaimContext context, int seed, Func<ClaimData, nn.Module<Tensor, Tensor>> build)
    {
        ClaimData data = context.Data(Rows, seed);
        using nn.Module<Tensor, Tensor> model = build(data);
        new ClaimTraining(context.Choose(400, 1500)).Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        return ClassScores.Plain(model, data.Test, data.TestLabels).Error;
    }

    /// <summary>A seed's best rate: the mean of those whose error is within a row or so of the lowest.</summary>
    private static double[] Best(double[] rates, double[][] errors) =>
    [
        .. Enumerable.Range(0, errors[0].Length).Select(seed =>
        {
            double lowest = errors.Min(error => error[seed]);
            return rates.Where((_, i) => errors[i][seed] <= lowest + 0.15).Average();
        }),
    ];

    private static double[] Difference(double[] one, double[] other) => [.. one.Zip(other, (a, b) => a - b)];

    private static Measurement[] Errors(string prefix, double[] rates, double[][] errors) =>
        [.. rates.Select((rate, i) => Measurement.Of(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{rate}"), "%", errors[i]))];
}
