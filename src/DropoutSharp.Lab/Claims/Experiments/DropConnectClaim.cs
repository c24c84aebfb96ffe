using DropoutSharp.Torch;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>DropConnect against dropout and none, with both kinds of inference.</summary>
internal sealed class DropConnectClaim : Claim
{
    private const int Rows = 400;
    private const int AverageRows = 250;
    private const int Width = 96;
    private const double DropRate = 0.5;

    public override int Number => 6;

    public override string Name => "dropconnect";

    public override string Statement =>
        "Dropping weights (DropConnect) regularises about as well as dropping units, and its average over masks is met better by a Gaussian of the same moments than by mean weights.";

    public override string Method =>
        "The same network without either, with dropout of rate one half behind its second hidden layer, and with DropConnect of that rate on the layer's weights (a mask a row), on four hundred rows. Test log-likelihood and error; "
        + "DropConnect with mean weights and with Gaussian moments, each also held against the mean of many sampled masks on some test rows (total variation).";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(40, 60), passes = context.Choose(300, 1000);
        Trial[] trials = context.ForSeeds(seeds, seed => Run(context, seed, passes));
        string[] names = ["none", "dropout", "dropconnect_mean", "dropconnect_gaussian"];
        Measurement[] nll = [.. names.Select((name, i) => Measurement.Of("nll_" + name, "nats", [.. trials.Select(trial => trial.Scores[i].Nll)]))];
        return new ClaimFindings(
            [
                ClaimPart.Below("DropConnect beats none in log-likelihood.", Difference("nll_dropconnect_minus_none", "nats", trials, trial => trial.Scores[3].Nll - trial.Scores[0].Nll), 0),
                ClaimPart.Between("Its test error is within one point of dropout's.", Difference("error_dropconnect_minus_dropout", "%", trials, trial => trial.Scores[3].Error - trial.Scores[1].Error), -1, 1),
                ClaimPart.Below(
                    "Gaussian moments are nearer to the mean over masks than mean weights are.",
                    Difference("distance_gaussian_minus_mean_weights", "", trials, trial => trial.GaussianDistance - trial.MeanDistance),
                    0),
                ClaimPart.Below("They give a better log-likelihood too.", Difference("nll_gaussian_minus_mean_weights", "nats", trials, trial => trial.Scores[3].Nll - trial.Scores[2].Nll), 0, decides: false),
            ],
            [
                .. nll,
                .. names.Select((name, i) => Measurement.Of("error_" + name, "%", [.. trials.Select(trial => trial.Scores[i].Error)])),
                Measurement.Of("distance_gaussian", "", [.. trials.Select(trial => trial.GaussianDistance)]),
                Measurement.Of("distance_mean_weights", "", [.. trials.Select(trial => trial.MeanDistance)]),
            ],
            new ClaimPicture
            {
                Description = "Test negative log-likelihood without dropout, with dropout, and with DropConnect under both kinds of inference",
                XTitle = "Trained and evaluated with",
                YTitle = "Test NLL, nats",
                XNames = ["none", "Dropout", "DropConnect, mean weights", "DropConnect, Gaussian"],
                Series = [ClaimSeries.Of("Test NLL", [0, 1, 2, 3], nll, joined: false)],
            });
    }

    private static Measurement Difference(string name, string unit, Trial[] trials, Func<Trial, double> figure) =>
        Measurement.Of(name, unit, [.. trials.Select(figure)]);

    private static Trial Run(ClaimContext context, int seed, int passes)
    {
        ClaimData data = context.Data(Rows, seed);
        var training = new ClaimTraining(context.Choose(1500, 4000), BatchSize: 32);
        using Sequential none = Network(data, Layer(), nn.ReLU(), 0), dropout = Network(data, Layer(), nn.ReLU(), DropRate);
        using Sequential mean = Network(data, Connect(DropConnectInference.MeanWeights), nn.Identity(), 0);
        using Sequential gaussian = Network(data, Connect(DropConnectInference.GaussianMoments), nn.Identity(), 0);
        foreach (Sequential model in (Sequential[])[none, dropout, mean])
        {
            training.Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        }

        gaussian.load_state_dict(mean.state_dict());
        gaussian.eval();
        Tensor few = data.Test.narrow(0, 0, Math.Min(AverageRows, data.Test.shape[0]));
        Tensor average = ClassScores.MonteCarloMean(mean, few, passes, context.Key(seed));
        return new Trial(
            [.. ((Sequential[])[none, dropout, mean, gaussian]).Select(model => ClassScores.Plain(model, data.Test, data.TestLabels))],
            Distance(ClassScores.Probabilities(gaussian, few)),
            Distance(ClassScores.Probabilities(mean, few)));

        double Distance(Tensor probabilities) => (probabilities - average).abs().sum(1).Over(2).mean().item<double>();
    }

    private static TorchSharp.Modules.Linear Layer() => nn.Linear(Width, Width);

    private static DropConnect Connect(DropConnectInference inference) =>
        new(Layer(), DropRate, new DropConnectOptions { PerSample = true, Inference = inference, Activation = nn.ReLU() });

    private static Sequential Network(ClaimData data, nn.Module<Tensor, Tensor> layer, nn.Module<Tensor, Tensor> activation, double dropRate) => nn.Sequential(
        ("linear1", nn.Linear(data.Features, Width)),
        ("relu1", nn.ReLU()),
        ("linear2", layer),
        ("relu2", activation),
        ("drop2", new Dropout(dropRate)),
        ("output", nn.Linear(Width, data.Classes)));

    private sealed record Trial(ClassScores[] Scores, double GaussianDistance, double MeanDistance);
}
