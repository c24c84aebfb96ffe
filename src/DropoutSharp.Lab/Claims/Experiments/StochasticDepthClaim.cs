using DropoutSharp.Torch;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>Stochastic depth saves the time that it promises, and a deep residual network trains better with it.</summary>
internal sealed class StochasticDepthClaim : Claim
{
    private const int Rows = 150;
    private const int Depth = 24;
    private const double LastRate = 0.5;

    public override int Number => 8;

    public override string Name => "stochastic-depth";

    public override string Statement =>
        "Stochastic depth trains a deep residual network in the share of the time that its survival probabilities promise, and to a better result.";

    public override string Method =>
        "A residual network of 24 blocks (LayerNorm, two fully connected layers), with and without stochastic depth whose rates rise linearly to one half; a dropped block is not run. "
        + "The processor time of training steps of both, in turn, on one thread and a wider network, is compared; test log-likelihood and error are compared on the small one.";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(24, 40);
        double[] lastRates = [0, 0.25, LastRate];
        ClassScores[][] scores = context.ForSettings(lastRates, seeds, (last, seed) => Train(context, seed, last));
        double[] shares = [.. Enumerable.Range(0, context.Choose(8, 16)).Select(repeat => TimeShare(context, repeat))];
        double promised = Rates(LastRate).Average(rate => 1 - rate);
        Measurement[] nll = [.. lastRates.Select((last, i) => Measurement.Of(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"nll_last_rate_{last}"), "nats", [.. scores[i].Select(each => each.Nll)]))];
        return new ClaimFindings(
            [
                ClaimPart.Between(
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"A training step takes the promised share of the time, {promised:0.00}, to a tenth."),
                    Measurement.Of("time_share_over_promised", "", [.. shares.Select(share => share / promised)]),
                    0.9,
                    1.1),
                ClaimPart.Below(
                    "The test log-likelihood is better than that of the full depth.",
                    Measurement.Of("nll_stochastic_minus_full", "nats", [.. scores[2].Zip(scores[0], (with, without) => with.Nll - without.Nll)]),
                    0),
                ClaimPart.Below(
                    "The test error is lower.",
                    Measurement.Of("error_stochastic_minus_full", "%", [.. scores[2].Zip(scores[0], (with, without) => with.Error - without.Error)]),
                    0,
                    decides: false),
            ],
            [
                Measurement.Of("time_share", "", shares),
                Measurement.Exact("promised_share", "", promised),
                .. nll,
                .. lastRates.Select((last, i) => Measurement.Of(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"error_last_rate_{last}"), "%", [.. scores[i].Select(each => each.Error)])),
            ],
            new ClaimPicture
            {
                Description = "Test negative log-likelihood against the drop rate of the last residual block",
                XTitle = "Drop rate of the last of 24 blocks (rising linearly from the first)",
                YTitle = "Test NLL, nats",
                Series = [ClaimSeries.Of("Residual network", lastRates, nll)],
            });
    }

    private static ClassScores Train(ClaimContext context, int seed, double last)
    {
        ClaimData data = context.Data(Rows, seed);
        using Sequential model = Network(data.Features, data.Classes, 48, last);
        new ClaimTraining(context.Choose(300, 1200), LearningRate: 1e-3).Run(model, data.Train, data.TrainLabels, context.Key(seed), context.Cancellation);
        return ClassScores.Plain(model, data.Test, data.TestLabels);
    }

    private static double[] Rates(double last) => [.. Enumerable.Range(0, Depth).Select(block => (double)DepthRates.Linear(last, Depth)[block].Value)];

    private static Sequential Network(int features, int classes, int width, double last)
    {
        double[] rates = Rates(last);
        var layers = new List<(string, nn.Module<Tensor, Tensor>)> { ("linear", nn.Linear(features, width)) };
        for (int block = 0; block < Depth; block++)
        {
            Sequential branch = nn.Sequential(
                ("norm", nn.LayerNorm(width)), ("linear1", nn.Linear(width, width)), ("relu", nn.ReLU()), ("linear2", nn.Linear(width, width)));
            layers.Add(($"block{block}", new StochasticDepth(branch, rates[block], StochasticDepthMode.Batch)));
        }

        layers.Add(("norm", nn.LayerNorm(width)));
        layers.Add(("output", nn.Linear(width, classes)));
        return nn.Sequential(layers);
    }

    /// <summary>The processor time of steps with stochastic depth over that of steps without, in turn.</summary>
    /// <remarks>
    /// Processor time, which other programs do not take from, and on one thread, where it is what a clock shows on a quiet machine. Steps alternate, so that a
    /// processor that runs slower for a while, as where another program shares its caches, slows both.
    /// </remarks>
    private static double TimeShare(ClaimContext context, int repeat)
    {
        const int Width = 192, Batch = 128, Steps = 24, WarmUp = 2;
        int threads = get_num_threads();
        set_num_threads(1);
        try
        {
            using var scope = NewDisposeScope();
            using Sequential with = Network(64, 10, Width, LastRate), without = Network(64, 10, Width, 0);
            ClaimTraining.Begin(with, context.Key(repeat));
            ClaimTraining.Begin(without, context.Key(repeat));
            Tensor rows = ones(Batch, 64), labels = zeros(Batch, int64);
            TimeSpan timeWith = default, timeWithout = default;
            for (int step = -WarmUp; step < Steps; step++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                (TimeSpan first, TimeSpan second) = (Step(with, rows, labels), Step(without, rows, labels));
                if (step >= 0)
                {
                    timeWith += first;
                    timeWithout += second;
                }
            }

            return timeWith / timeWithout;
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static TimeSpan Step(Sequential model, Tensor rows, Tensor labels)
    {
        using var scope = NewDisposeScope();
        model.train();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        nn.functional.cross_entropy(model.call(rows), labels).backward();
        return Environment.CpuUsage.TotalTime - start;
    }
}
