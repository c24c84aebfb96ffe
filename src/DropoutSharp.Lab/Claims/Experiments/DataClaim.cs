using DropoutSharp.Torch;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Dropout helps less as data grow and beside other regularisers; early dropout helps an underfitting network.</summary>
internal sealed class DataClaim : Claim
{
    private const double DropRate = 0.5;
    private const double Decay = 0.1;
    private const int FewRows = 120;
    private const int SmallWidth = 8;
    private const int EarlyShare = 6;
    private const double EarlyLearningRate = 1e-2;
    private const double EarlyRate = 0.1;

    private static readonly int[] Sizes = [60, 120, 240, 480, 900];

    public override int Number => 11;

    public override string Name => "data";

    public override string Statement =>
        "From some hundred rows on dropout helps less as data grow (with fewer still there is little to learn from), and less with AdamW and RMSNorm in place; early dropout helps a network that underfits.";

    public override string Method =>
        "The gain of rate one half behind the hidden layers, in test log-likelihood, at growing numbers of rows; and at 120 rows for the plain network against the same with RMSNorm and weight decay 0.1. "
        + "Early dropout: a small character model (8 hidden units in each of two layers) learns from a long text, and does as badly on what it has seen as on what it has not: it underfits. "
        + "Its loss after rate 0.1 for the first sixth of the steps and none from there on, against the same model without dropout.";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(16, 24);
        double[][] gains = context.ForSettings(Sizes, seeds, (rows, seed) => Gain(context, seed, rows, modern: false));
        double[] modern = context.ForSeeds(seeds, seed => Gain(context, seed, FewRows, modern: true));
        int steps = context.Choose(2400, 6000), small = context.Choose(24, 40);
        (long[] Codes, int Alphabet) text = CharacterModel.Text();
        int plenty = CharacterModel.Plenty(text.Codes, steps);
        (double Unseen, double Seen)[][] both = context.ForSettings([0, EarlyRate], small, (rate, seed) =>
            CharacterModel.Losses(context, seed, text, plenty, steps, SmallWidth, rate, EarlyLearningRate, steps / EarlyShare));
        ((double Unseen, double Seen)[] full, (double Unseen, double Seen)[] early) = (both[0], both[1]);
        Measurement[] measured = [.. Sizes.Select((rows, i) => Measurement.Of($"nll_gain_{rows}_rows", "nats", gains[i]))];
        double[] plain = gains[Array.IndexOf(Sizes, FewRows)];
        return new ClaimFindings(
            [
                ClaimPart.Above(
                    "The gain is larger with 120 rows than with the most.",
                    Measurement.Of("nll_gain_120_minus_most", "nats", [.. plain.Zip(gains[^1], (few, many) => few - many)]),
                    0),
                ClaimPart.Above(
                    "The gain is larger without AdamW's decay and RMSNorm than with them.",
                    Measurement.Of("nll_gain_plain_minus_modern", "nats", [.. plain.Zip(modern, (one, other) => one - other)]),
                    0),
                ClaimPart.Below(
                    "Early dropout lowers the training loss of a network that underfits.",
                    Measurement.Of("train_nll_early_minus_none", "nats", [.. early.Zip(full, (with, without) => with.Seen - without.Seen)]),
                    0),
                ClaimPart.Below(
                    "And its loss on text that it has not seen.",
                    Measurement.Of("test_nll_early_minus_none", "nats", [.. early.Zip(full, (with, without) => with.Unseen - without.Unseen)]),
                    0,
                    decides: false),
            ],
            [
                .. measured,
                Measurement.Of("nll_gain_modern", "nats", modern),
                Measurement.Of("train_nll_underfitting", "nats", [.. full.Select(each => each.Seen)]),
                Measurement.Of("test_nll_underfitting", "nats", [.. full.Select(each => each.Unseen)]),
            ],
            new ClaimPicture
            {
                Description = "What dropout gains in test log-likelihood, against the number of training rows",
                XTitle = "Training rows",
                YTitle = "NLL without − with dropout, nats",
                Series =
                [
                    ClaimSeries.Of("Plain network", Sizes.Select(rows => (double)rows), measured),
                    ClaimSeries.Of("With AdamW's decay and RMSNorm", [FewRows], [Measurement.Of("modern", "nats", modern)], joined: false),
                ],
            });
    }

    private static double Gain(ClaimContext context, int seed, int rows, bool modern)
    {
        ClaimData data = context.Data(rows, seed);
        var training = new ClaimTraining(context.Choose(800, 3000), WeightDecay: modern ? Decay : 0);
        return Nll(0) - Nll(DropRate);

        double Nll(double rate)
        {
            using Sequential model = modern ? Modern(data, 128, rate) : ClaimNetworks.Mlp(data, 128, 0, rate);
            training.Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
            return ClassScores.Plain(model, data.Test, data.TestLabels).Nll;
        }
    }

    private static Sequential Modern(ClaimData data, int width, double rate) => nn.Sequential(
        ("linear1", nn.Linear(data.Features, width)),
        ("norm1", new RMSNorm(width)),
        ("relu1", nn.ReLU()),
        ("drop1", new Dropout(rate)),
        ("linear2", nn.Linear(width, width)),
        ("norm2", new RMSNorm(width)),
        ("relu2", nn.ReLU()),
        ("drop2", new Dropout(rate)),
        ("output", nn.Linear(width, data.Classes)));
}
