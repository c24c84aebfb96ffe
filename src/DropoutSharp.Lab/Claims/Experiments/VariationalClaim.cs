using DropoutSharp.Torch;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Variational dropout prunes.</summary>
internal sealed class VariationalClaim : Claim
{
    private static readonly double[] Thresholds = [0, 1, 2, 3, 4, 5];

    private const int Rows = 900;

    public override int Number => 9;

    public override string Name => "variational";

    public override string Statement =>
        "Learned noise prunes: with sparse variational dropout most weights end as noise, and can be taken out without loss.";

    public override string Method =>
        "A network with sparse variational layers is trained, the divergence warming up over the first half. Weights with ln α above 3 are taken out. How many times fewer weights are left, and "
        + "what the test error of the pruned network is against its own before pruning and against the same network trained without noise.";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(8, 15);
        Trial[] trials = context.ForSeeds(seeds, seed => Run(context, seed));
        int chosen = Array.IndexOf(Thresholds, 3.0);
        return new ClaimFindings(
            [
                ClaimPart.Above("At least nine weights in ten are taken out.", Measurement.Of("compression", "", [.. trials.Select(trial => trial.Compression[chosen])]), 10),
                ClaimPart.Between("Pruning does not change the test error by half a point.", Measurement.Of("error_pruned_minus_unpruned", "%", [.. trials.Select(trial => trial.Error[chosen] - trial.Unpruned)]), -0.5, 0.5),
                ClaimPart.Below("The pruned network errs at most one and a half points more than one trained without noise.", Measurement.Of("error_pruned_minus_plain", "%", [.. trials.Select(trial => trial.Error[chosen] - trial.Plain)]), 1.5),
            ],
            [
                Measurement.Of("error_plain", "%", [.. trials.Select(trial => trial.Plain)]),
                Measurement.Of("error_unpruned", "%", [.. trials.Select(trial => trial.Unpruned)]),
                Measurement.Of("error_pruned", "%", [.. trials.Select(trial => trial.Error[chosen])]),
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

    private static Trial Run(ClaimContext context, int seed)
    {
        ClaimData data = context.Data(Rows, seed);
        int steps = context.Choose(2500, 12000);
        var training = new ClaimTraining(steps, LearningRate: 5e-3);
        using Sequential plain = ClaimNetworks.Mlp(data, 100, 0, 0), sparse = Network(data);
        training.Run(plain, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        training.Run(
            sparse, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation,
            step => LearnedRegularizer.Of(sparse, data.TrainRows, warmUp: LearnedWarmUp.Linear(step, steps / 2)));
        double unpruned = ClassScores.Plain(sparse, data.Test, data.TestLabels).Error;
        var compression = new double[Thresholds.Length];
        var error = new double[Thresholds.Length];
        for (int i = Thresholds.Length - 1; i >= 0; i--) // from the fewest on: what is taken out stays out
        {
            compression[i] = VariationalPruning.Prune(sparse, Thresholds[i]).Compression;
            error[i] = ClassScores.Plain(sparse, data.Test, data.TestLabels).Error;
        }

        return new Trial(ClassScores.Plain(plain, data.Test, data.TestLabels).Error, unpruned, compression, error);
    }

    private static Sequential Network(ClaimData data) => nn.Sequential(
        ("linear1", new VariationalLinear(data.Features, 100)),
        ("relu1", nn.ReLU()),
        ("linear2", new VariationalLinear(100, 100)),
        ("relu2", nn.ReLU()),
        ("output", new VariationalLinear(100, data.Classes)));

    private sealed record Trial(double Plain, double Unpruned, double[] Compression, double[] Error);
}
