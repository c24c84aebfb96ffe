using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Holds a classifier with dropout off ("weight scaling") against the average of its sub-networks.</summary>
/// <remarks>
/// Dropout off is exact where dropout stands before the last layer only, and an approximation elsewhere; how good a one depends on the model and the
/// data. For networks small enough to enumerate see <see cref="Averaging.SubNetworkEnumeration"/>.
/// Srivastava et al., JMLR 15, 2014, section 7.5; Warde-Farley et al., ICLR 2014.
/// </remarks>
public static class WeightScaling
{
    /// <summary>Measures a classifier on a batch of rows.</summary>
    /// <param name="model">Takes the inputs and gives logits (N, classes); must have dropout.</param>
    /// <param name="inputs">A batch of rows.</param>
    /// <param name="passes">How many sub-networks to average for each row, at least 2.</param>
    /// <param name="targets">Class indices (int64) for likelihoods and accuracies, or null.</param>
    /// <returns>What was found. The model's weights, modes and positions in the mask stream are left as they were.</returns>
    /// <exception cref="ArgumentException">The model has no dropout, or its output is not (N, classes).</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="passes"/> is below 2.</exception>
    public static WeightScalingReport Measure(nn.Module<Tensor, Tensor> model, Tensor inputs, int passes = 100, Tensor? targets = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        if (passes < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(passes), passes, $"Passes must be at least 2; received {passes}.");
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var modes = new TrainingModes(model);
        List<StochasticSite> sites = StochasticSite.Of(model);
        if (sites.Count == 0)
        {
            throw new ArgumentException("The model must have dropout; it has none.", nameof(model));
        }

        Tensor plain = LogProbabilities(model, inputs);
        using var drawing = new Drawing(sites);
        Tensor even = zeros_like(plain), odd = zeros_like(plain), logs = zeros_like(plain);
        for (int pass = 0; pass < passes; pass++)
        {
            using var step = NewDisposeScope();
            Tensor log = LogProbabilities(model, inputs);
            (pass % 2 == 0 ? even : odd).Increase(log.exp());
            logs.Increase(log);
        }

        Tensor mean = even.Plus(odd).Over(passes), geometric = nn.functional.log_softmax(logs.Over(passes), -1), chosen = plain.argmax(1);
        return new WeightScalingReport
        {
            Rows = (int)plain.size(0),
            Passes = passes,
            ArithmeticDivergence = Divergence(mean, plain),
            GeometricDivergence = Divergence(geometric.exp(), plain),
            ArithmeticDistance = Distance(mean, plain.exp()),
            GeometricDistance = Distance(geometric.exp(), plain.exp()),
            NoiseFloor = Divergence(even.Over((passes + 1) / 2), odd.Over(passes / 2).log()) / 4,
            Agreement = Mean(chosen.eq(mean.argmax(1))),
            WeightScalingNll = targets is null ? null : Nll(plain, targets),
            ArithmeticNll = targets is null ? null : Nll(mean.log(), targets),
            GeometricNll = targets is null ? null : Nll(geometric, targets),
            WeightScalingAccuracy = targets is null ? null : Mean(chosen.eq(targets)),
            ArithmeticAccuracy = targets is null ? null : Mean(mean.argmax(1).eq(targets)),
        };
    }

    private sealed class Drawing(List<StochasticSite> sites) : IDisposable
    {
        private readonly List<IDisposable> _draws = sites.ConvertAll(site => site.Draw());

        public void Dispose() => _draws.ForEach(draw => draw.Dispose());
    }

    private static Tensor LogProbabilities(nn.Module<Tensor, Tensor> model, Tensor inputs)
    {
        using var scope = NewDisposeScope();
        Tensor logits = model.call(inputs);
        if (logits.dim() != 2)
        {
            throw new ArgumentException($"The model's output must be (N, classes); received ({string.Join(", ", logits.shape)}).", nameof(model));
        }

        return nn.functional.log_softmax(logits.to(float64), -1).MoveToOuterDisposeScope();
    }

    private static double Divergence(Tensor probabilities, Tensor logsOfOther) =>
        Math.Max(0, (xlogy(probabilities, probabilities) - (probabilities * logsOfOther)).nan_to_num(0).sum(1).mean().item<double>());

    private static double Distance(Tensor p, Tensor q) => (p - q).abs().sum(1).Over(2).mean().item<double>();

    private static double Nll(Tensor logs, Tensor targets) => nn.functional.nll_loss(logs, targets.to(int64)).item<double>();

    private static double Mean(Tensor flags) => flags.to(float64).mean().item<double>();
}
