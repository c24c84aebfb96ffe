using System.Numerics;

namespace DropoutSharp.Uncertainty;

/// <summary>What a classifier's Monte-Carlo passes say together, without keeping the passes.</summary>
/// <remarks>
/// Over T passes with probabilities <c>p_t</c>: the mean <c>p̄ = 1/T Σ p_t</c>; the predictive entropy <c>H[p̄]</c> (all uncertainty); the expected
/// entropy <c>1/T Σ H[p_t]</c> (aleatoric); their difference, the mutual information of prediction and weights (epistemic, BALD; Houlsby et al. 2011); and
/// the variation ratio, the share of passes that vote against the most voted class (Freeman 1965; Gal 2016). Entropies are in nats. Two opposed certain
/// votes have a mutual information of ln 2. Not safe for several threads at once: give each its own and merge.
/// </remarks>
public sealed class ClassificationMoments
{
    private readonly double[] _probabilities;
    private readonly double[] _entropy;
    private readonly int[] _votes;

    /// <summary>Empty moments.</summary>
    /// <param name="rows">How many rows a pass predicts; at least 1.</param>
    /// <param name="classes">How many classes; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> or <paramref name="classes"/> is below 1.</exception>
    public ClassificationMoments(int rows, int classes)
    {
        MomentGuard.AtLeastOne(rows, nameof(rows), "rows");
        MomentGuard.AtLeastOne(classes, nameof(classes), "classes");
        Rows = rows;
        Classes = classes;
        int values = checked(rows * classes);
        _probabilities = new double[values];
        _entropy = new double[rows];
        _votes = new int[values];
    }

    /// <summary>How many rows a pass predicts.</summary>
    public int Rows { get; }

    /// <summary>How many classes.</summary>
    public int Classes { get; }

    /// <summary>How many passes were added.</summary>
    public int Passes { get; private set; }

    /// <summary>Adds a pass of probabilities.</summary>
    /// <param name="probabilities">Row-major, rows × classes, in [0, 1]; each row sums to 1.</param>
    /// <exception cref="ArgumentException">Sizes that do not fit, or values that are no probabilities; nothing was added.</exception>
    public void Add<T>(ReadOnlySpan<T> probabilities)
        where T : IFloatingPointIeee754<T>
    {
        CheckSize(probabilities.Length, nameof(probabilities), "Probabilities");
        ScoreGuard.Classes(probabilities, Rows);
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<T> ofRow = probabilities.Slice(row * Classes, Classes);
            _votes[(row * Classes) + ScoreGuard.ArgMax(ofRow)]++;
            _entropy[row] += Entropy.Of(ofRow);
            for (int c = 0; c < Classes; c++)
            {
                _probabilities[(row * Classes) + c] += ScoreGuard.Double(ofRow[c]);
            }
        }

        Passes++;
    }

    /// <summary>Adds a pass of logits: what a network gives before its softmax, which is taken here in double precision.</summary>
    /// <param name="logits">Row-major, rows × classes; −∞ rules a class out.</param>
    /// <exception cref="ArgumentException">Sizes that do not fit, or a row with NaN, +∞ or nothing above −∞; nothing was added.</exception>
    public void AddLogits<T>(ReadOnlySpan<T> logits)
        where T : IFloatingPointIeee754<T>
    {
        CheckSize(logits.Length, nameof(logits), "Logits");
        for (int row = 0; row < Rows; row++)
        {
            double largest = double.NegativeInfinity;
            foreach (T logit in logits.Slice(row * Classes, Classes))
            {
                largest = Math.Max(largest, ScoreGuard.Double(logit)); // NaN wins
            }

            if (!double.IsFinite(largest))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"The largest logit of a row must be finite; received {largest} in row {row}."), nameof(logits));
            }
        }

        Span<double> exponentials = Classes <= 256 ? stackalloc double[Classes] : new double[Classes];
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<T> ofRow = logits.Slice(row * Classes, Classes);
            int vote = ScoreGuard.ArgMax(ofRow);
            double largest = ScoreGuard.Double(ofRow[vote]), sum = 0;
            for (int c = 0; c < Classes; c++)
            {
                sum += exponentials[c] = Math.Exp(ScoreGuard.Double(ofRow[c]) - largest);
            }

            _votes[(row * Classes) + vote]++;
            double logSum = Math.Log(sum);
            for (int c = 0; c < Classes; c++)
            {
                double probability = exponentials[c] / sum;
                _probabilities[(row * Classes) + c] += probability;

                // ln p from the logit itself keeps its digits where p is near 1.
                _entropy[row] -= probability == 0 ? 0 : probability * (ScoreGuard.Double(ofRow[c]) - largest - logSum);
            }
        }

        Passes++;
    }

    /// <summary>Adds the passes of other moments, as if they had been added here.</summary>
    /// <param name="other">Moments of as many rows and classes.</param>
    /// <exception cref="ArgumentException">Other rows or classes.</exception>
    public void Merge(ClassificationMoments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ScoreGuard.SameLength(Rows, other.Rows, nameof(other), "Moments");
        ScoreGuard.SameLength(Classes, other.Classes, nameof(other), "Probabilities", "class");
        for (int i = 0; i < _probabilities.Length; i++)
        {
            _probabilities[i] += other._probabilities[i];
            _votes[i] += other._votes[i];
        }

        for (int row = 0; row < Rows; row++)
        {
            _entropy[row] += other._entropy[row];
        }

        Passes += other.Passes;
    }

    /// <summary>The mean probabilities, row-major, rows × classes.</summary>
    /// <exception cref="InvalidOperationException">No pass was added.</exception>
    public double[] GetMeanProbabilities()
    {
        MomentGuard.HasPasses(Passes);
        return Array.ConvertAll(_probabilities, sum => sum / Passes);
    }

    /// <summary>The entropy of the mean probabilities of each row: all that is uncertain, in nats.</summary>
    /// <exception cref="InvalidOperationException">No pass was added.</exception>
    public double[] GetPredictiveEntropy()
    {
        double[] mean = GetMeanProbabilities();
        return OfRows(row => Entropy.Of<double>(mean.AsSpan(row * Classes, Classes)));
    }

    /// <summary>The mean entropy of the passes of each row: the aleatoric part, in nats.</summary>
    /// <exception cref="InvalidOperationException">No pass was added.</exception>
    public double[] GetExpectedEntropy()
    {
        MomentGuard.HasPasses(Passes);
        return Array.ConvertAll(_entropy, sum => sum / Passes);
    }

    /// <summary>The mutual information of prediction and weights of each row: the epistemic part, in nats, never negative.</summary>
    /// <exception cref="InvalidOperationException">No pass was added.</exception>
    public double[] GetMutualInformation()
    {
        double[] predictive = GetPredictiveEntropy();
        return OfRows(row => Math.Max(0, predictive[row] - (_entropy[row] / Passes)));
    }

    /// <summary>The share of passes of each row that vote against its most voted class, in [0, 1).</summary>
    /// <exception cref="InvalidOperationException">No pass was added.</exception>
    public double[] GetVariationRatio()
    {
        MomentGuard.HasPasses(Passes);
        return OfRows(row =>
        {
            int most = 0;
            foreach (int votes in _votes.AsSpan(row * Classes, Classes))
            {
                most = Math.Max(most, votes);
            }

            return 1 - ((double)most / Passes);
        });
    }

    private double[] OfRows(Func<int, double> measure)
    {
        double[] values = new double[Rows];
        for (int row = 0; row < Rows; row++)
        {
            values[row] = measure(row);
        }

        return values;
    }

    private void CheckSize(int received, string name, string what)
    {
        if (received != _probabilities.Length)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{what} must be {Rows} rows of {Classes} classes, {_probabilities.Length}; received {received}."), name);
        }
    }
}
