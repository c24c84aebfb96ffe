using System.Diagnostics;
using DropoutSharp.Uncertainty;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Literature;

/// <summary>Runs a recipe on a set's splits and sets it beside what was published.</summary>
public static class UciReproduction
{
    private static readonly double[] Rates = [0.005, 0.01, 0.05, 0.1];

    /// <summary>Runs a recipe on a set.</summary>
    /// <param name="data">The set.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told the share of the work that is done, in [0, 1]; may be null.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="UserErrorException">Nothing was published for the set, or a number of splits that it does not have.</exception>
    public static UciResult Run(UciDataset data, UciOptions options, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        UciFigures figures = UciFigures.Of(data.Name, options.Recipe)
            ?? throw new UserErrorException($"Set must be one of {string.Join(", ", UciFigures.Sets)}; received {data.Name}.");
        if (options.Splits > data.Splits.Count)
        {
            throw new UserErrorException($"Set {data.Name} has {data.Splits.Count} splits; received a wish for {options.Splits}.");
        }

        UciSplit[] splits = [.. data.Splits.Take(options.Splits == 0 ? data.Splits.Count : options.Splits)];
        long start = Stopwatch.GetTimestamp();
        int threads = get_num_threads();
        set_num_threads(1); // the stacks are the threads
        try
        {
            (double Rmse, double LogLikelihood)[] scores = options.Recipe switch
            {
                UciRecipe.Paper => Fixed(data, splits, figures, options, new([50], 400, 32, 1e-3, false), progress, cancellation),
                UciRecipe.Long => Fixed(data, splits, figures, options, new([50], 4000, 128, 1e-3, false), progress, cancellation),
                UciRecipe.Grid => Grid(data, splits, figures, options, new([50], 4000, 128, 1e-3, false), progress, cancellation),
                _ => UciCommittee.Run(data, splits, options, progress, cancellation),
            };
            (double rmse, double rmseError) = MeanAndError([.. scores.Select(score => score.Rmse)]);
            (double likelihood, double likelihoodError) = MeanAndError([.. scores.Select(score => score.LogLikelihood)]);
            return new UciResult(
                data.Name, rmse, rmseError, likelihood, likelihoodError, figures.Rmse, figures.LogLikelihood, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    /// <summary>
    /// The weight of ‖W‖² beside the mean squared error of standardised targets, <c>ℓ²(1 − r)/(2Nτ)</c>: with it dropout approximates a Gaussian process (Gal
    /// and Ghahramani 2016).
    /// </summary>
    internal static double WeightDecay(double dropRate, double precision, double lengthScale, int rows) =>
        lengthScale * lengthScale * (1 - dropRate) / (2 * rows * precision);

    internal static (double Rmse, double LogLikelihood) Score(double[] passes, double[] targets, double precision)
    {
        RegressionMoments moments = new(targets.Length);
        for (int first = 0; first < passes.Length; first += targets.Length)
        {
            moments.Add<double>(passes.AsSpan(first, targets.Length));
        }

        return (
            RegressionScores.RootMeanSquaredError<double>(moments.GetMean(), targets),
            RegressionScores.PredictiveLogLikelihood<double>(passes, targets, precision));
    }

    internal static double[] Targets(UciDataset data, IReadOnlyList<int> rows) => [.. rows.Select(row => data.Targets[row])];

    /// <summary>Trains stacks side by side and gives the passes of each network on its own rows.</summary>
    internal static double[][] TrainAndPredict(
        UciDataset data, StackedTask[] tasks, IReadOnlyList<int>[] predicted, StackedOptions training, int passes, int threads, Action<double>? progress,
        CancellationToken cancellation)
    {
        double[][] predictions = new double[tasks.Length][];
        int stacks = Math.Clamp(threads, 1, tasks.Length);
        int done = 0;
        Parallel.For(0, stacks, new ParallelOptions { MaxDegreeOfParallelism = stacks, CancellationToken = cancellation }, stack =>
        {
            int first = stack * tasks.Length / stacks, end = (stack + 1) * tasks.Length / stacks;
            using StackedNetworks networks = StackedNetworks.Train(
                tasks[first..end], training,
                _ => progress?.Invoke((double)Interlocked.Increment(ref done) / (stacks * training.Epochs)), cancellation);
            networks.Predict(data, predicted[first..end], passes, cancellation).CopyTo(predictions, first);
        });
        return predictions;
    }

    private static (double Rmse, double LogLikelihood)[] Fixed(
        UciDataset data, UciSplit[] splits, UciFigures figures, UciOptions options, StackedOptions training, Action<double>? progress,
        CancellationToken cancellation)
    {
        // What a split's network reaches depends on its first weights too; the mean over a few networks does so less.
        UciSplit[] repeated = [.. splits.SelectMany(split => Enumerable.Repeat(split, options.Repeats))];
        StackedTask[] tasks =
        [
            .. repeated.Select((split, i) => new StackedTask(
                data, split.Train, figures.DropRate, WeightDecay(figures.DropRate, figures.Precision, figures.LengthScale, split.Train.Count),
                MaskStream.DeriveKey(options.Seed, (ulong)i))),
        ];
        double[][] passes = TrainAndPredict(data, tasks, [.. repeated.Select(split => split.Test)], training, options.Passes, options.Threads, progress, cancellation);
        (double Rmse, double LogLikelihood)[] scores = [.. repeated.Select((split, i) => Score(passes[i], Targets(data, split.Test), figures.Precision))];
        return [.. scores.Chunk(options.Repeats).Select(ofSplit => (ofSplit.Average(score => score.Rmse), ofSplit.Average(score => score.LogLikelihood)))];
    }

    private static (double Rmse, double LogLikelihood)[] Grid(
        UciDataset data, UciSplit[] splits, UciFigures figures, UciOptions options, StackedOptions training, Action<double>? progress,
        CancellationToken cancellation)
    {
        const int SearchPasses = 200;
        (double Rate, double Precision)[] grid = [.. Rates.SelectMany(rate => figures.Precisions.Select(precision => (rate, precision)))];
        List<StackedTask> tasks = [];
        List<IReadOnlyList<int>> held = [];
        foreach ((UciSplit split, int i) in splits.Select((split, i) => (split, i)))
        {
            ulong key = MaskStream.DeriveKey(options.Seed, (ulong)i);
            int[] order = Shuffled(split.Train, MaskStream.DeriveKey(key, 0));
            int learned = (int)(0.8 * order.Length);
            foreach ((double rate, double precision) in grid)
            {
                tasks.Add(new StackedTask(data, order[..learned], rate, WeightDecay(rate, precision, figures.LengthScale, learned), MaskStream.DeriveKey(key, 1)));
                held.Add(order[learned..]);
            }
        }

        // The search trains a network for each point of the grid, the last part one for each split.
        double ofSearch = (double)tasks.Count / (tasks.Count + splits.Length);
        double[][] searched = TrainAndPredict(
            data, [.. tasks], [.. held], training, SearchPasses, options.Threads, done => progress?.Invoke(ofSearch * done), cancellation);
        (double Rate, double Precision)[] best =
        [
            .. splits.Select((_, i) => grid[Enumerable.Range(0, grid.Length).MaxBy(g =>
                Score(searched[(i * grid.Length) + g], Targets(data, held[(i * grid.Length) + g]), grid[g].Precision).LogLikelihood)]),
        ];
        StackedTask[] final =
        [
            .. splits.Select((split, i) => new StackedTask(
                data, split.Train, best[i].Rate, WeightDecay(best[i].Rate, best[i].Precision, figures.LengthScale, split.Train.Count),
                MaskStream.DeriveKey(MaskStream.DeriveKey(options.Seed, (ulong)i), 2))),
        ];
        double[][] passes = TrainAndPredict(
            data, final, [.. splits.Select(split => split.Test)], training, options.Passes, options.Threads,
            done => progress?.Invoke(ofSearch + ((1 - ofSearch) * done)), cancellation);
        return [.. splits.Select((split, i) => Score(passes[i], Targets(data, split.Test), best[i].Precision))];
    }

    internal static int[] Shuffled(IReadOnlyList<int> rows, ulong key)
    {
        MaskStream stream = new(key);
        return [.. rows.Select((row, i) => (row, draw: stream.Uniform(i))).OrderBy(pair => pair.draw).Select(pair => pair.row)];
    }

    private static (double Mean, double Error) MeanAndError(double[] values)
    {
        double mean = values.Average();
        return (mean, values.Length < 2 ? double.NaN : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length));
    }
}
