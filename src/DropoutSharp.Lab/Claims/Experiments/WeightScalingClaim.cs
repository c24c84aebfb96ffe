using DropoutSharp.Averaging;
using DropoutSharp.Torch;
using static TorchSharp.torch;
using Linear = TorchSharp.Modules.Linear;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Weight scaling stands for the geometric mean of exponentially many sub-networks.</summary>
internal sealed class WeightScalingClaim : Claim
{
    private const int Rows = 300;
    private const int SmallWidth = 9;
    private const int RowsToEnumerate = 30;

    private static readonly int[] Passes = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200];

    public override int Number => 3;

    public override string Name => "weight-scaling";

    public override string Statement =>
        "Running the whole network once with scaled weights approximates the geometric mean of its exponentially many sub-networks; averaging sampled sub-networks reaches it after some passes, and more of them pass it.";

    public override string Method =>
        "Small networks with 9 + 9 droppable hidden units are trained, and all 2^18 sub-networks are run on test rows: how far is weight scaling from their normalised geometric mean, as total variation, "
        + "and how far is a single sub-network? Then, on a wide network, test log-likelihood and error of the mean of k sampled sub-networks against weight scaling. "
        + "It is reached at the first k whose mean difference is not above 0, and passed at the first whose whole interval is below (∞: not up to 200 passes).";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(6, 20);
        Small[] small = context.ForSeeds(seeds, seed => Enumerate(context, seed));
        Wide[] wide = context.ForSeeds(seeds, seed => Sample(context, seed));
        Measurement[] nll = [.. Passes.Select((passes, i) => Measurement.Of($"nll_{passes}_passes_minus_weight_scaling", "nats", [.. wide.Select(trial => trial.Sampled[i].Nll - trial.Scaled.Nll)]))];
        Measurement[] error = [.. Passes.Select((passes, i) => Measurement.Of($"error_{passes}_passes_minus_weight_scaling", "%", [.. wide.Select(trial => trial.Sampled[i].Error - trial.Scaled.Error)]))];
        return new ClaimFindings(
            [
                ClaimPart.Below("Weight scaling is near the geometric mean of all sub-networks.", Measurement.Of("distance_to_geometric_mean", "", [.. small.Select(trial => trial.Geometric)]), 0.1),
                ClaimPart.Above(
                    "It is at least three times nearer than a single sub-network is.",
                    Measurement.Of("single_distance_over_its", "", [.. small.Select(trial => trial.Single / trial.Geometric)]),
                    3),
                ClaimPart.Above("One sampled sub-network is worse than weight scaling.", nll[0], 0),
                ClaimPart.Below("Two hundred passes are better in log-likelihood than weight scaling.", nll[^1], 0),
                ClaimPart.Below(
                    "Fifty passes are enough to reach it in log-likelihood.",
                    Measurement.Of("passes_to_reach_in_a_seed", "", [.. wide.Select(trial => (double)Reaching(trial))]),
                    50,
                    decides: false),
                ClaimPart.Below("Two hundred passes are better in test error than weight scaling.", error[^1], 0, decides: false),
            ],
            [
                Measurement.Of("distance_to_arithmetic_mean", "", [.. small.Select(trial => trial.Arithmetic)]),
                Measurement.Of("distance_single_to_geometric_mean", "", [.. small.Select(trial => trial.Single)]),
                First("passes_to_reach_weight_scaling_in_nll", nll, measured => measured.Mean <= 0),
                First("passes_to_pass_weight_scaling_in_nll", nll, measured => measured.High < 0),
                First("passes_to_reach_weight_scaling_in_error", error, measured => measured.Mean <= 0),
                First("passes_to_pass_weight_scaling_in_error", error, measured => measured.High < 0),
                Measurement.Of("nll_weight_scaling", "nats", [.. wide.Select(trial => trial.Scaled.Nll)]),
                .. nll,
                .. error,
            ],
            new ClaimPicture
            {
                Description = "Negative log-likelihood of the mean of sampled sub-networks, and of weight scaling, against the number of passes",
                XTitle = "Passes averaged",
                YTitle = "Test NLL, nats",
                LogarithmicX = true,
                Series =
                [
                    ClaimSeries.Of("Mean of sampled sub-networks", Passes.Select(passes => (double)passes), Passes.Select((_, i) => Measurement.Of("nll", "nats", [.. wide.Select(trial => trial.Sampled[i].Nll)]))),
                    ClaimSeries.Of("Weight scaling", Passes.Select(passes => (double)passes), Passes.Select(_ => Measurement.Of("nll", "nats", [.. wide.Select(trial => trial.Scaled.Nll)]))),
                ],
            });
    }

    /// <summary>The first number of passes whose mean is at least as likely as weight scaling; twice the most where none is.</summary>
    private static int Reaching(Wide trial)
    {
        int at = Array.FindIndex(trial.Sampled, scores => scores.Nll <= trial.Scaled.Nll);
        return at < 0 ? 2 * Passes[^1] : Passes[at];
    }

    private static Measurement First(string name, Measurement[] differences, Func<Measurement, bool> holds)
    {
        int at = Array.FindIndex(differences, difference => holds(difference));
        return Measurement.Exact(name, "", at < 0 ? double.PositiveInfinity : Passes[at]);
    }

    private static Small Enumerate(ClaimContext context, int seed)
    {
        ClaimData data = context.Data(Rows, seed);
        using var model = ClaimNetworks.Mlp(data, SmallWidth, 0, 0.2);
        new ClaimTraining(context.Choose(800, 3000)).Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        Linear[] linears = [.. model.children().OfType<Linear>()];
        var network = new DenseNetwork(linears.Select((linear, i) => Layer(linear, i == 0 ? 0 : 0.2)), HiddenActivation.Relu, OutputKind.Softmax);
        double geometric = 0, arithmetic = 0, single = 0;
        int rows = (int)Math.Min(RowsToEnumerate, data.Test.shape[0]);
        var logits = new double[data.Classes];
        var stream = new MaskStream(context.Key(seed));
        for (int row = 0; row < rows; row++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            double[] input = [.. data.Test[row].to(float64).data<double>()];
            EnsembleAverage all = SubNetworkEnumeration.Average(network, input, 1);
            network.WeightScaledLogits(input, logits);
            double[] scaled = EnsembleAverage.Predict(OutputKind.Softmax, logits), mean = all.GeometricMean();
            geometric += DistributionDistance.TotalVariation(mean, scaled) / rows;
            arithmetic += DistributionDistance.TotalVariation(all.ArithmeticMean(), scaled) / rows;
            const int Draws = 20;
            for (uint draw = 0; draw < Draws; draw++)
            {
                double[] one = SubNetworkSampling.Average(network, input, 1, stream with { Step = draw + ((uint)row * Draws) }).ArithmeticMean();
                single += DistributionDistance.TotalVariation(mean, one) / rows / Draws;
            }
        }

        return new Small(geometric, arithmetic, single);
    }

    private static DenseLayer Layer(Linear linear, DropRate dropRate) =>
        new([.. linear.weight!.detach().to(float64).flatten().data<double>()], [.. linear.bias!.detach().to(float64).data<double>()], dropRate);

    private static Wide Sample(ClaimContext context, int seed)
    {
        ClaimData data = context.Data(Rows, seed);
        using var model = ClaimNetworks.Mlp(data, 256, 0, 0.5);
        new ClaimTraining(context.Choose(2000, 4000)).Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        var sampled = new List<ClassScores>();
        Tensor? sum = null;
        int pass = 0;
        foreach (Tensor each in ClassScores.Passes(model, data.Test, Passes[^1], context.Key(seed)))
        {
            sum = sum is null ? each.clone() : sum.Increase(each);
            each.Dispose();
            if (Passes[sampled.Count] == ++pass)
            {
                sampled.Add(ClassScores.Of(sum.Over(pass), data.TestLabels));
            }
        }

        return new Wide(ClassScores.Plain(model, data.Test, data.TestLabels), [.. sampled]);
    }

    private sealed record Small(double Geometric, double Arithmetic, double Single);

    private sealed record Wide(ClassScores Scaled, ClassScores[] Sampled);
}
