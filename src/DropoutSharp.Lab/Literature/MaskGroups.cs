using System.Diagnostics;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Training;
using DropoutSharp.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Literature;

/// <summary>Trains one network with masks that more and more groups of a batch have to themselves, and asks from which number on it cannot be told from masks a row.</summary>
/// <remarks>
/// Graham, Reizenstein and Robinson, "Efficient batchwise dropout training using submatrices", 2015, found batch-shared masks as accurate. Two hidden layers with ReLU and dropout, in a <see cref="ThinnedNetwork"/>;
/// first weights and row orders of a seed are the same for all settings, so that differences are paired. The settings of a seed are trained one after the other, so that whatever else the machine does meets them alike.
/// </remarks>
public static class MaskGroups
{
    /// <summary>The setting in which every row has masks of its own.</summary>
    public const int EveryRow = 0;

    /// <summary>The setting without dropout.</summary>
    public const int NoDropout = -1;

    private const double IntervalLevel = 0.95;

    /// <summary>Trains all settings.</summary>
    /// <param name="data">Rows with classes.</param>
    /// <param name="options">The settings.</param>
    /// <param name="trained">Called after each training with the setting (a number of groups, <see cref="EveryRow"/> or <see cref="NoDropout"/>), the seed and the test error.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    /// <returns>A result a setting in the order asked for, then masks a row, and last the network without dropout.</returns>
    /// <exception cref="UserErrorException">The target is a number.</exception>
    public static IReadOnlyList<MaskGroupsResult> Run(
        PreparedData data, MaskGroupsOptions options, Action<int, int, double>? trained = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        if (data.Task != LearningTask.Classification)
        {
            throw new UserErrorException($"Data must have classes as their target; '{data.Target}' of {data.Name} is a number.");
        }

        int[] settings = [.. options.Groups.Where(static groups => groups > 0), EveryRow, NoDropout];
        int rows = settings.Length - 2;
        var scores = settings.Select(static _ => (Errors: new List<double>(), Losses: new List<double>(), Steps: new List<double>())).ToArray();
        for (int seed = 0; seed < options.Seeds; seed++)
        {
            for (int i = 0; i < settings.Length; i++)
            {
                (double error, double loss) = Train(data, options, settings[i], (ulong)seed, scores[i].Steps, cancellation);
                scores[i].Errors.Add(error);
                scores[i].Losses.Add(loss);
                trained?.Invoke(settings[i], seed, error);
            }
        }

        return [.. settings.Select((groups, i) => Result(groups, scores[i].Errors, scores[i].Losses, scores[rows].Errors, scores[rows].Losses, options, Median(scores[i].Steps)))];
    }

    /// <summary>The least number of groups from which on no setting is told from masks a row; null where there is none.</summary>
    /// <param name="results">What <see cref="Run"/> gave.</param>
    public static int? IndistinguishableFrom(IReadOnlyList<MaskGroupsResult> results) => LeastFrom(results, static result => !result.IsTellable);

    /// <summary>The least number of groups from which on every setting's test error differs from that of masks a row by less than the margin; null where there is none.</summary>
    /// <param name="results">What <see cref="Run"/> gave.</param>
    public static int? EquivalentFrom(IReadOnlyList<MaskGroupsResult> results) => LeastFrom(results, static result => result.IsEquivalent);

    private static int? LeastFrom(IReadOnlyList<MaskGroupsResult> results, Func<MaskGroupsResult, bool> holds)
    {
        ArgumentNullException.ThrowIfNull(results);
        MaskGroupsResult[] alike = [.. results.Where(static result => result.Groups > 0).OrderByDescending(static result => result.Groups).TakeWhile(holds)];
        return alike.Length == 0 ? null : alike[^1].Groups;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? double.NaN : values[values.Count / 2];
    }

    private static MaskGroupsResult Result(
        int groups, List<double> errors, List<double> losses, List<double> errorsOfRows, List<double> lossesOfRows, MaskGroupsOptions options, double stepMilliseconds)
    {
        StudentInterval? byError = Interval(errors, errorsOfRows), byLoss = Interval(losses, lossesOfRows);
        double errorP = byError?.PValue ?? double.NaN, lossP = byLoss?.PValue ?? double.NaN, equivalenceP = byError?.EquivalenceP(options.Margin) ?? double.NaN;
        return new MaskGroupsResult(
            groups, errors, losses, errors.Average(), losses.Average(), errors.Average() - errorsOfRows.Average(), byError?.Low ?? double.NaN, byError?.High ?? double.NaN, errorP, lossP,
            errorP < options.Level || lossP < options.Level, equivalenceP, equivalenceP < options.Level, stepMilliseconds);

        StudentInterval? Interval(List<double> own, List<double> ofRows) =>
            groups == EveryRow || own.Count < 2 ? null : StudentInterval.Of([.. own.Zip(ofRows, static (left, right) => left - right)], IntervalLevel);
    }

    private static (double Error, double Loss) Train(PreparedData data, MaskGroupsOptions options, int groups, ulong seed, List<double> stepMilliseconds, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        int inputs = data.Train.Shape.Aggregate(1, (product, size) => product * size), rows = data.Train.Count;
        ulong masks = MaskStream.DeriveKey(seed, 1), orders = MaskStream.DeriveKey(seed, 2);
        Sequential layers = nn.Sequential(
            nn.Linear(inputs, options.Width), nn.ReLU(), Dropout(0), nn.Linear(options.Width, options.Width), nn.ReLU(), Dropout(1), nn.Linear(options.Width, data.Classes.Count));
        DrawWeights(layers, seed);
        ThinnedNetwork network = new(layers);
        Tensor features = tensor(data.Train.Features, [rows, inputs]), targets = tensor(Array.ConvertAll(data.Train.Targets, static target => (long)target));
        double firstRate = options.FirstLearningRate;
        using optim.Optimizer optimizer = options.Optimizer == MaskGroupsOptimizer.Adam ? new ThinnedAdam(network.parameters(), firstRate) : new ThinnedSgd(network.parameters(), firstRate);
        long step = 0, steps = (long)options.Epochs * (rows / options.BatchSize);
        long[] order = new long[rows];
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            RowOrder.Shuffle(orders, epoch, order);
            for (int first = 0; first + options.BatchSize <= rows; first += options.BatchSize, step++)
            {
                cancellation.ThrowIfCancellationRequested();
                using DisposeScope ofStep = NewDisposeScope();
                foreach (var group in optimizer.ParamGroups)
                {
                    group.LearningRate = firstRate * (1 - ((double)step / steps));
                }

                long begin = Stopwatch.GetTimestamp();
                Tensor chosen = tensor(order[first..(first + options.BatchSize)]);
                optimizer.zero_grad();
                nn.functional.cross_entropy(network.call(features.index_select(0, chosen)), targets.index_select(0, chosen)).backward();
                optimizer.step();
                stepMilliseconds.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }
        }

        network.eval();
        using IDisposable noGradient = no_grad();
        Tensor test = tensor(data.Test.Features, [data.Test.Count, inputs]), truth = tensor(Array.ConvertAll(data.Test.Targets, static target => (long)target));
        Tensor scores = network.call(test);
        return (scores.argmax(1).ne(truth).to(ScalarType.Float64).mean().item<double>(), nn.functional.cross_entropy(scores, truth).to(ScalarType.Float64).item<double>());

        nn.Module<Tensor, Tensor> Dropout(uint site) =>
            groups == NoDropout ? nn.Identity() : new BatchwiseDropout(options.DropRate, seed: masks, site: site, groups: groups);
    }

    /// <summary>First weights as PyTorch's linear layers have them, uniform within 1/√inputs, by a generator of their own: torch's may serve other threads meanwhile.</summary>
    private static void DrawWeights(nn.Module layers, ulong seed)
    {
        using IDisposable noGraph = no_grad();
        using Generator generator = new(MaskStream.DeriveKey(seed, 0) >> 1);
        foreach (TorchSharp.Modules.Linear layer in layers.modules().OfType<TorchSharp.Modules.Linear>())
        {
            double bound = 1 / Math.Sqrt(layer.weight.shape[1]);
            layer.weight.uniform_(-bound, bound, generator);
            layer.bias!.uniform_(-bound, bound, generator);
        }
    }
}
