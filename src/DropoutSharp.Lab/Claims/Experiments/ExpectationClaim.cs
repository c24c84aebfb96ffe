using DropoutSharp.Torch;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Inverted dropout keeps the expectation, and the classic form predicts the same.</summary>
internal sealed class ExpectationClaim : Claim
{
    private const double HiddenRate = 0.5;
    private const double InputRate = 0.2;
    private const int Rows = 300;

    public override int Number => 1;

    public override string Name => "expectation";

    public override string Statement =>
        "Inverted dropout keeps the expectation of every activation, so nothing has to be rescaled in evaluation; the classic form, which rescales then, predicts the same.";

    public override string Method =>
        "Networks are trained with inverted dropout. The activations of their first hidden layer are dropped many times over and averaged: the mean must be the activation, over all of them and each for itself, where what is left "
        + "must be no larger than chance leaves after as many draws. "
        + "Then each network is written in the classic form (weights behind each dropout divided by the keep probability, dropout without scaling), which scales in evaluation: "
        + "its probabilities must be the same. Last, networks are trained in both forms from scratch.";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(6, 20), draws = context.Choose(2000, 20_000);
        Trial[] trials = context.ForSeeds(seeds, seed => Run(context, seed, draws));
        var ratio = Measurement.Of("mean_over_activation", "", [.. trials.Select(trial => trial.Ratio)]);
        var difference = Measurement.Exact("largest_probability_difference", "", trials.Max(trial => trial.Difference));
        var gap = Measurement.Of("error_classic_minus_inverted", "%", [.. trials.Select(trial => trial.ClassicError - trial.Error)]);
        return new ClaimFindings(
            [
                ClaimPart.Between("The mean of many dropped activations is the activation.", ratio, 0.999, 1.001),
                ClaimPart.Between(
                    "Each activation's own mean is as near as so many draws let it be.",
                    Measurement.Of("deviation_over_expected", "", [.. trials.Select(trial => trial.Deviation)]),
                    0.95,
                    1.05),
                ClaimPart.Below("A trained network predicts the same in both forms.", difference, 1e-4),
                ClaimPart.Between("Trained in either form, test errors agree to one and a half points.", gap, -1.5, 1.5, decides: false),
            ],
            [
                Measurement.Of("error_inverted", "%", [.. trials.Select(trial => trial.Error)]),
                Measurement.Of("error_classic", "%", [.. trials.Select(trial => trial.ClassicError)]),
            ],
            new ClaimPicture
            {
                Description = "The mean of dropped activations over the activation, against the number of draws",
                XTitle = "Draws averaged",
                YTitle = "Mean over activation",
                LogarithmicX = true,
                Series =
                [
                    new ClaimSeries("Inverted dropout", Curve(trials, static trial => trial.Inverted)),
                    new ClaimSeries("Classic form in training, not rescaled", Curve(trials, static trial => trial.Classic)),
                ],
            });
    }

    private static ClaimPoint[] Curve(Trial[] trials, Func<Trial, (int Draws, double Ratio)[]> curve) =>
    [
        .. Enumerable.Range(0, curve(trials[0]).Length).Select(i =>
        {
            var at = Measurement.Of("ratio", "", [.. trials.Select(trial => curve(trial)[i].Ratio)]);
            return new ClaimPoint(curve(trials[0])[i].Draws, at.Mean, at.Low, at.High);
        }),
    ];

    private static Trial Run(ClaimContext context, int seed, int draws)
    {
        ClaimData data = context.Data(Rows, seed);
        var training = new ClaimTraining(context.Choose(300, 1000));
        using var model = ClaimNetworks.Mlp(data, 128, InputRate, HiddenRate);
        training.Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        using var classic = ClaimNetworks.Mlp(data, 128, InputRate, HiddenRate, Scaling.AtInference);
        training.Run(classic, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        double classicError = ClassScores.Plain(classic, data.Test, data.TestLabels).Error;

        // The trained network in the classic form: what follows a dropout takes unscaled activations, so its weights are larger by 1/keep.
        classic.load_state_dict(model.state_dict());
        using (no_grad())
        {
            foreach ((string name, var parameter) in classic.named_parameters())
            {
                if (name.EndsWith("weight", StringComparison.Ordinal))
                {
                    parameter.div_(1 - (name.StartsWith("linear1", StringComparison.Ordinal) ? InputRate : HiddenRate));
                }
            }
        }

        classic.eval();
        double difference = (ClassScores.Probabilities(model, data.Test) - ClassScores.Probabilities(classic, data.Test)).abs().max().item<double>();
        using var noGradient = no_grad();
        Tensor activations = FirstHidden(model, data.Test.narrow(0, 0, Math.Min(100, data.Test.shape[0])));
        return new Trial(
            ClassScores.Plain(model, data.Test, data.TestLabels).Error,
            classicError,
            difference,
            Deviation(activations, draws, context.Key(seed)),
            Means(activations, Scaling.Inverted, draws, context.Key(seed)),
            Means(activations, Scaling.AtInference, draws, context.Key(seed)));
    }

    private static Tensor FirstHidden(TorchSharp.Modules.Sequential model, Tensor rows)
    {
        var linear = (TorchSharp.Modules.Linear)model.named_children().First(child => child.name == "linear1").module;
        return nn.functional.relu(linear.call(rows));
    }

    /// <summary>The root-mean-square deviation of each activation's mean over draws from the activation, over what independent masks leave: a·√(r/(1−r)/draws).</summary>
    private static double Deviation(Tensor activations, int draws, ulong key)
    {
        using var drop = new Dropout(HiddenRate, seed: key);
        drop.train();
        Tensor sum = zeros_like(activations, float64), exact = activations.to(float64);
        for (int draw = 0; draw < draws; draw++)
        {
            using var scope = NewDisposeScope();
            sum.Increase(drop.call(activations));
        }

        double left = (sum.Over(draws) - exact).Squared().mean().item<double>(), expected = exact.Squared().mean().item<double>() * HiddenRate / (1 - HiddenRate) / draws;
        return Math.Sqrt(left / expected);
    }

    /// <summary>The sum of the mean of dropped activations over the sum of the activations, after 1, 2, 5, 10, … draws.</summary>
    private static (int Draws, double Ratio)[] Means(Tensor activations, Scaling scaling, int draws, ulong key)
    {
        using var drop = new Dropout(HiddenRate, scaling: scaling, seed: key);
        drop.train();
        double total = activations.sum().item<float>(), sum = 0;
        var points = new List<(int, double)>();
        int next = 1;
        for (int draw = 1; draw <= draws; draw++)
        {
            using var scope = NewDisposeScope();
            sum += drop.call(activations).sum().item<float>();
            if (draw == next || draw == draws)
            {
                points.Add((draw, sum / draw / total));
                next = next.ToString(System.Globalization.CultureInfo.InvariantCulture)[0] == '2' ? next / 2 * 5 : next * 2;
            }
        }

        return [.. points];
    }

    private sealed record Trial(double Error, double ClassicError, double Difference, double Deviation, (int Draws, double Ratio)[] Inverted, (int Draws, double Ratio)[] Classic)
    {
        public double Ratio => Inverted[^1].Ratio;
    }
}
