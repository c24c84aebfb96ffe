using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Test error against the rate: a valley around one half in hidden layers, lower on the input and behind convolutions.</summary>
internal sealed class RatesClaim : Claim
{
    private const int TrainRows = 300;

    // The same rates everywhere: of rates that made no difference the best would be the same on average, wherever dropout stands.
    private static readonly double[] Rates = [0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9];
    private static readonly double[] Middle = [0.35, 0.5, 0.65];

    public override int Number => 2;

    public override string Name => "rates";

    public override string Statement =>
        "Test error against the hidden rate is a valley around one half; against the input rate it is lowest much nearer to keeping everything; convolutions want less than fully connected layers.";

    public override string Method =>
        "A wide network learns from few rows, with dropout behind its hidden layers or on its input; a small convolutional network with dropout behind its convolutions. "
        + "Test error at each rate, the same rates and seeds everywhere. The best rate of a seed is the mean of the rates whose error is within one row of its lowest; about half are the rates 0.35, 0.5 and 0.65.";

    internal override string? Lacks(ClaimContext context) => context.HasImages ? null : "images";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(16, 24);
        (double Error, double Row)[][] hidden = context.ForSettings(Rates, seeds, (rate, seed) => Error(context, seed, data => ClaimNetworks.Mlp(data, 512, 0, rate)));
        (double Error, double Row)[][] input = context.ForSettings(Rates, seeds, (rate, seed) => Error(context, seed, data => ClaimNetworks.Mlp(data, 512, rate, 0)));
        (double Error, double Row)[][] convolution = context.ForSettings(
            Rates, seeds, (rate, seed) => Error(context, seed, data => ClaimNetworks.Cnn(data, 16, () => new Dropout(rate))));
        double[] bestHidden = Best(hidden), bestInput = Best(input), bestConvolution = Best(convolution);
        double[] middle = [.. Enumerable.Range(0, seeds).Select(seed => Middle.Average(rate => At(rate)[seed]))];
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
                    "The best input rate is lower than the best hidden rate by more than a tenth.",
                    Measurement.Of("best_hidden_minus_best_input", "", Difference(bestHidden, bestInput)),
                    0.1),
                ClaimPart.Above(
                    "The best rate for convolutions is lower than the best hidden rate.",
                    Measurement.Of("best_hidden_minus_best_convolution", "", Difference(bestHidden, bestConvolution)),
                    0),
                ClaimPart.Above(
                    "On the input, dropping half is worse than dropping a tenth or two.",
                    Measurement.Of("error_input_half_minus_little", "%", Difference(Of(input, 0.5), Little(input))),
                    0,
                    decides: false),
                ClaimPart.Above(
                    "Behind convolutions, dropping half is worse than dropping a tenth or two.",
                    Measurement.Of("error_convolution_half_minus_little", "%", Difference(Of(convolution, 0.5), Little(convolution))),
                    0,
                    decides: false),
            ],
            [
                Measurement.Of("best_hidden_rate", "", bestHidden),
                Measurement.Of("best_input_rate", "", bestInput),
                Measurement.Of("best_convolution_rate", "", bestConvolution),
                .. Errors("error_hidden_", hidden),
                .. Errors("error_input_", input),
                .. Errors("error_convolution_", convolution),
            ],
            new ClaimPicture
            {
                Description = "Test error against the drop rate, for hidden layers, the input and convolutions",
                XTitle = "Drop rate",
                YTitle = "Test error, %",
                Series =
                [
                    ClaimSeries.Of("Hidden layers", Rates, Errors("", hidden)),
                    ClaimSeries.Of("Input", Rates, Errors("", input)),
                    ClaimSeries.Of("Convolutions", Rates, Errors("", convolution)),
                ],
            });

        double[] At(double rate) => Of(hidden, rate);

        static double[] Of((double Error, double Row)[][] errors, double rate) => [.. errors[Array.IndexOf(Rates, rate)].Select(each => each.Error)];

        static double[] Little((double Error, double Row)[][] errors) => [.. Of(errors, 0.1).Zip(Of(errors, 0.2), (one, other) => (one + other) / 2)];
    }

    /// <summary>Test error, and what one row is worth, in %.</summary>
    private static (double Error, double Row) Error(ClaimContext context, int seed, Func<ClaimData, nn.Module<Tensor, Tensor>> build)
    {
        ClaimData data = context.Data(TrainRows, seed);
        using nn.Module<Tensor, Tensor> model = build(data);
        new ClaimTraining(context.Choose(400, 1500)).Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        return (ClassScores.Plain(model, data.Test, data.TestLabels).Error, 100.0 / data.Test.shape[0]);
    }

    /// <summary>A seed's best rate: the mean of those whose error is within a row of the lowest.</summary>
    private static double[] Best((double Error, double Row)[][] errors) =>
    [
        .. Enumerable.Range(0, errors[0].Length).Select(seed =>
        {
            double lowest = errors.Min(error => error[seed].Error);
            return Rates.Where((_, i) => errors[i][seed].Error <= lowest + (1.01 * errors[i][seed].Row)).Average();
        }),
    ];

    private static double[] Difference(double[] one, double[] other) => [.. one.Zip(other, (a, b) => a - b)];

    private static Measurement[] Errors(string prefix, (double Error, double Row)[][] errors) =>
        [.. Rates.Select((rate, i) => Measurement.Of(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{rate}"), "%", [.. errors[i].Select(each => each.Error)]))];
}
