using DropoutSharp.Torch;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Variational dropout prunes.</summary>
internal sealed class VariationalClaim : Claim
{
    private static readonly double[] Thresholds = [0, 1, 2, 3, 4, 5];

    private const int Rows = 900;

    // With so few rows the whole divergence outweighs what they say; less of it trades sparsity for fit (Gale, Elsen and Hooker 2019).
    private const double Weight = 0.3;

    public override int Number => 9;

    public override string Name => "variational";

    public override string Statement =>
        "Learned noise prunes: with sparse variational dropout most weights end as noise, and can be taken out without loss.";

    public override string Method =>
        "A network with sparse variational layers is trained, three tenths of the divergence warming up over the first half: with some hundred rows its whole weight is the prior's word against theirs, which is measured beside. "
        + "Weights with ln α above 3 are taken out. How many times fewer weights are left, and what the test error of the pruned network is against its own before pruning and against the same network trained without noise.";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(10, 15);
        double[] plain = context.ForSeeds(seeds, seed => Plain(context, seed));
        Trial[][] both = context.ForSettings([Weight, 1], seeds, (weight, seed) => Run(context, seed, weight));
        (Trial[] trials, Trial[] whole) = (both[0], both[1]);
        int chosen = Array.IndexOf(Thresholds, 3.0);
        return new ClaimFindings(
            [
                ClaimPart.Above("At least nine weights in ten are taken out.", Measurement.Of("compression", "", [.. trials.Select(trial => trial.Compression[chosen])]), 10),
                ClaimPart.Between("Pruning does not change the test error by half a point.", Measurement.Of("error_pruned_minus_unpruned", "%", [.. trials.Select(trial => trial.Error[chosen] - trial.Unpruned)]), -0.5, 0.5),
                ClaimPart.Below("The pruned network errs at most one and a half points more than one trained without noise.", Measurement.Of("error_pruned_minus_plain", "%", [.. trials.Zip(plain, (trial, without) => trial.Error[chosen] - without)]), 1.5),
                ClaimPart.Below(
                    "So it does with the divergence's whole weight.",
                    Measurement.Of("error_pruned_minus_plain_whole_divergence", "%", [.. whole.Zip(plain, (trial, without) => trial.Error[chosen] - without)]),
                    1.5,
                    decides: false),
            ],
            [
                Measurement.Of("error_plain", "%", plain),
                Measurement.Of("error_unpruned", "%", [.. trials.Select(trial => trial.Unpruned)]),
                Measurement.Of("error_pruned", "%", [.. trials.Select(trial => trial.Error[chosen])]),
                Measurement.Of("compression_whole_divergence", "", [.. whole.Select(trial => trial.Compression[chosen])]),
                Measurement.Of("error_pruned_whole_divergence", "%", [.. whole.Select(trial => trial.Error[chosen])]),
            ],
            new ClaimPicture
            {
                Description = "How many times fewer weights are left, and the test error, against the threshold of ln alpha",
                XTitle = "Taken out where ln α is above",
                YTitle = "Compression (times) and test error (%)",
                Series =
                [
                    ClaimSeries.Of("Compression, times", Thresholds, Thresholds.Select((_, i) => Measurement.Of("compression", "", [.. trials.Select(trial => trial.Compression[i])]))),
                    ClaimSeries.Of("Test error, %", Thresholds, Thresholds.Select((_, i) => Measurement.Of("error", "%", [.. trials.Select(trial => trial.Error[i])]))),
                ],
            });
    }

    private static ClaimTraining Training(ClaimContext context) => new(context.Choose(2500, 8000), LearningRate: 5e-3);

    private static double Plain(ClaimContext context, int seed)
    {
        ClaimData data = context.Data(Rows, seed);
        using Sequential plain = ClaimNetworks.Mlp(data, 100, 0, 0);
        Training(context).Run(plain, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        return ClassScores.Plain(plain, data.Test, data.TestLabels).Error;
    }

    private static Trial Run(ClaimContext context, int seed, double weight)
    {
        ClaimData data = context.Data(Rows, seed);
        ClaimTraining training = Training(context);
        using Sequential sparse = Network(data);
        training.Run(
            sparse, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation,
            step => LearnedRegularizer.Of(sparse, data.TrainRows, warmUp: weight * LearnedWarmUp.Linear(step, training.Steps / 2)));
        double unpruned = ClassScores.Plain(sparse, data.Test, data.TestLabels).Error;
        var compression = new double[Thresholds.Length];
        var error = new double[Thresholds.Length];
        for (int i = Thresholds.Length - 1; i >= 0; i--) // from the fewest on: what is taken out stays out
        {
            compression[i] = VariationalPruning.Prune(sparse, Thresholds[i]).Compression;
            error[i] = ClassScores.Plain(sparse, data.Test, data.TestLabels).Error;
        }

        return new Trial(unpruned, compression, error);
    }

    private static Sequential Network(ClaimData data) => nn.Sequential(
        ("linear1", new VariationalLinear(data.Features, 100)),
        ("relu1", nn.ReLU()),
        ("linear2", new VariationalLinear(100, 100)),
        ("relu2", nn.ReLU()),
        ("output", new VariationalLinear(100, data.Classes)));

    private sealed record Trial(double Unpruned, double[] Compression, double[] Error);
}
