namespace DropoutSharp.Averaging;

/// <summary>
/// The average of many predictions, added one after the other: the arithmetic mean of their probabilities, their normalised geometric mean,
/// and their spread. Nothing but sums is kept.
/// </summary>
/// <remarks>
/// With weights <c>w</c> that need not add to one, and probabilities <c>p</c> of member <c>m</c>:
/// arithmetic mean <c>Σ w·p / Σ w</c>; normalised geometric mean <c>exp(g) / Σ exp(g)</c> with <c>g = Σ w·ln p / Σ w</c> (over the classes of
/// a softmax, over an event and its opposite for a sigmoid). Logarithms are taken of logits directly, so that no probability underflows.
/// Sums are compensated: their error does not grow with the number of members. A NaN logit makes the averages NaN.
/// Baldi and Sadowski, "Understanding dropout", NIPS 2013; Srivastava et al., JMLR 15, 2014.
/// </remarks>
public sealed class EnsembleAverage
{
    private readonly CompensatedSum[] _sums;
    private readonly CompensatedSum[] _squares;
    private readonly CompensatedSum[] _logs;
    private readonly CompensatedSum[] _logsOfOpposite;
    private CompensatedSum _weight;

    /// <summary>An average of nothing yet.</summary>
    /// <param name="output">What the logits stand for.</param>
    /// <param name="outputs">The number of logits, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outputs"/> is below 1.</exception>
    public EnsembleAverage(OutputKind output, int outputs)
    {
        if (outputs < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(outputs), outputs, $"Outputs must be at least 1; received {outputs}.");
        }

        (Output, Outputs) = (output, outputs);
        _sums = new CompensatedSum[outputs];
        _squares = new CompensatedSum[outputs];
        _logs = new CompensatedSum[output == OutputKind.Identity ? 0 : outputs];
        _logsOfOpposite = new CompensatedSum[output == OutputKind.Sigmoid ? outputs : 0];
    }

    /// <summary>What the logits stand for.</summary>
    public OutputKind Output { get; }

    /// <summary>The number of logits.</summary>
    public int Outputs { get; }

    /// <summary>How many predictions were added.</summary>
    public long Members { get; private set; }

    /// <summary>The sum of their weights.</summary>
    public double TotalWeight => _weight.Value;

    /// <summary>Adds a prediction.</summary>
    /// <param name="logits"><see cref="Outputs"/> logits.</param>
    /// <param name="weight">How much it counts, not negative; such as the probability of its mask.</param>
    /// <exception cref="ArgumentException">There are more or fewer logits.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is negative or NaN.</exception>
    public void Add(ReadOnlySpan<double> logits, double weight = 1)
    {
        if (logits.Length != Outputs)
        {
            throw new ArgumentException($"There must be {Outputs} logits; received {logits.Length}.", nameof(logits));
        }

        if (!(weight >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, $"Weight must not be negative; received {weight}.");
        }

        Members++;
        _weight.Add(weight);
        double shift = Output == OutputKind.Softmax ? LogSumExp(logits) : 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double value = logits[i];
            if (Output == OutputKind.Softmax)
            {
                value -= shift;
                _logs[i].Add(weight * value);
                value = Math.Exp(value);
            }
            else if (Output == OutputKind.Sigmoid)
            {
                double logOfOpposite = -Softplus(value), log = -Softplus(-value);
                _logs[i].Add(weight * log);
                _logsOfOpposite[i].Add(weight * logOfOpposite);
                value = Math.Exp(log);
            }

            _sums[i].Add(weight * value);
            _squares[i].Add(weight * value * value);
        }
    }

    /// <summary>Adds all predictions of another average.</summary>
    /// <param name="other">An average of the same kind and number of outputs.</param>
    /// <exception cref="ArgumentException"><paramref name="other"/> is of another kind or size.</exception>
    public void Add(EnsembleAverage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Output != Output || other.Outputs != Outputs)
        {
            throw new ArgumentException($"The other average must be over {Outputs} {Output} outputs; received {other.Outputs} {other.Output}.", nameof(other));
        }

        Members += other.Members;
        _weight.Add(other._weight);
        Merge(_sums, other._sums);
        Merge(_squares, other._squares);
        Merge(_logs, other._logs);
        Merge(_logsOfOpposite, other._logsOfOpposite);
    }

    /// <summary>The arithmetic mean of the probabilities, or of the numbers themselves where the output is the identity.</summary>
    /// <returns><see cref="Outputs"/> numbers; NaN where nothing was added.</returns>
    public double[] ArithmeticMean() => Array.ConvertAll(_sums, sum => sum.Value / TotalWeight);

    /// <summary>The normalised geometric mean of the probabilities.</summary>
    /// <returns><see cref="Outputs"/> probabilities; NaN where nothing was added, or where every class was impossible to some member.</returns>
    /// <exception cref="InvalidOperationException">The outputs are no probabilities.</exception>
    public double[] GeometricMean()
    {
        if (Output == OutputKind.Identity)
        {
            throw new InvalidOperationException("A geometric mean needs probabilities; the outputs are plain numbers.");
        }

        double[] logs = Array.ConvertAll(_logs, sum => sum.Value / TotalWeight);
        if (Output == OutputKind.Softmax)
        {
            double shift = LogSumExp(logs);
            return Array.ConvertAll(logs, log => Math.Exp(log - shift));
        }

        var means = new double[Outputs];
        for (int i = 0; i < means.Length; i++)
        {
            means[i] = 1 / (1 + Math.Exp((_logsOfOpposite[i].Value / TotalWeight) - logs[i]));
        }

        return means;
    }

    /// <summary>The standard deviation of the probabilities, or numbers, over the members.</summary>
    /// <returns><see cref="Outputs"/> numbers, not negative; NaN where nothing was added.</returns>
    public double[] StandardDeviation()
    {
        double[] means = ArithmeticMean();
        for (int i = 0; i < means.Length; i++)
        {
            means[i] = Math.Sqrt(Math.Max(0, (_squares[i].Value / TotalWeight) - (means[i] * means[i])));
        }

        return means;
    }

    /// <summary>What a set of logits says by itself: probabilities, or the numbers where the output is the identity.</summary>
    /// <param name="output">What the logits stand for.</param>
    /// <param name="logits">One an output.</param>
    /// <returns>As many numbers as there are logits.</returns>
    public static double[] Predict(OutputKind output, ReadOnlySpan<double> logits)
    {
        double[] predictions = logits.ToArray();
        double shift = output == OutputKind.Softmax ? LogSumExp(logits) : 0;
        for (int i = 0; i < predictions.Length; i++)
        {
            predictions[i] = output switch
            {
                OutputKind.Softmax => Math.Exp(predictions[i] - shift),
                OutputKind.Sigmoid => Math.Exp(-Softplus(-predictions[i])),
                _ => predictions[i],
            };
        }

        return predictions;
    }

    /// <summary>The mean of <c>ln(1 + exp(z))</c> over the members, of a single sigmoid output: minus the mean log-probability of its opposite.</summary>
    internal double MeanLogPartition() => -_logsOfOpposite[0].Value / TotalWeight;

    /// <summary><c>ln(1 + exp(z))</c> without overflow.</summary>
    internal static double Softplus(double z) => Math.Max(z, 0) + LogOnePlus(Math.Exp(-Math.Abs(z)));

    private static double LogSumExp(ReadOnlySpan<double> logits)
    {
        double largest = double.NegativeInfinity;
        foreach (double logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        if (!double.IsFinite(largest))
        {
            return largest;
        }

        double sum = 0;
        foreach (double logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return largest + Math.Log(sum);
    }

    /// <summary><c>ln(1 + x)</c> for x in [0, 1], exact to rounding for small x too (Kahan).</summary>
    private static double LogOnePlus(double x)
    {
        double rounded = 1 + x;
        return rounded == 1 ? x : Math.Log(rounded) * x / (rounded - 1);
    }

    private static void Merge(CompensatedSum[] sums, CompensatedSum[] others)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i].Add(others[i]);
        }
    }
}
