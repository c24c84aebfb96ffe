namespace DropoutSharp.Lab.Literature;

/// <summary>This project's recipe: a committee of dropout networks whose rate and noise are learned from out-of-fold predictions.</summary>
/// <remarks>
/// For each split its training rows are cut into folds, and for each rate a network is trained on all folds but one. The Monte-Carlo passes on the fold that is
/// left out are honest predictions of training rows: from them the noise is learned (<see cref="LearnedResidualNoise"/>) and the rate with the highest log-likelihood
/// is chosen. The networks of that rate together are the committee; test rows are predicted by the passes of all its members, which are used
/// once, at the end. Nothing is trained again.
/// </remarks>
internal static class UciCommittee
{
    private const int Folds = 5;
    private const double WeightDecay = 1e-4;
    private static readonly double[] Rates = [0.002, 0.01, 0.05];

    private static readonly StackedOptions Training = new([50], 500, 32, 1e-2, true);

    public static (double Rmse, double LogLikelihood)[] Run(
        UciDataset data, UciSplit[] splits, UciOptions options, Action<double>? progress, CancellationToken cancellation)
    {
        int passes = Math.Max(1, (options.Passes + Folds - 1) / Folds), perSplit = Folds * Rates.Length;
        List<StackedTask> tasks = [];
        List<IReadOnlyList<int>> predicted = [];
        List<int[]> left = [];
        foreach ((UciSplit split, int i) in splits.Select((split, i) => (split, i)))
        {
            ulong key = MaskStream.DeriveKey(options.Seed, (ulong)i);
            int[] order = UciReproduction.Shuffled(split.Train, MaskStream.DeriveKey(key, 0));
            foreach (double rate in Rates)
            {
                for (int fold = 0; fold < Folds; fold++)
                {
                    // Folds of one size, so that the networks of a stack learn from as many rows: what is left over is learned from in every fold.
                    int size = order.Length / Folds;
                    int[] held = order[(fold * size)..((fold + 1) * size)];
                    int[] learned = [.. order[..(fold * size)], .. order[((fold + 1) * size)..]];
                    tasks.Add(new StackedTask(
                        data, learned, rate, WeightDecay / learned.Length, MaskStream.DeriveKey(key, (ulong)(1 + fold))));
                    left.Add(held);
                    predicted.Add([.. held, .. split.Test]);
                }
            }
        }

        double[][] all = UciReproduction.TrainAndPredict(data, [.. tasks], [.. predicted], Training, passes, options.Threads, progress, cancellation);
        return [.. splits.Select((split, i) => Judge(data, split, i * perSplit, passes, all, left))];
    }

    private static (double Rmse, double LogLikelihood) Judge(
        UciDataset data, UciSplit split, int first, int passes, double[][] all, List<int[]> left)
    {
        (double bestLikelihood, LearnedResidualNoise? bestNoise, int best) = (double.NegativeInfinity, null, 0);
        for (int rate = 0; rate < Rates.Length; rate++)
        {
            List<double[]> outOfFold = [];
            List<double> targets = [];
            for (int fold = 0; fold < Folds; fold++)
            {
                int network = first + (rate * Folds) + fold;
                outOfFold.AddRange(Rows(all[network], passes, 0, left[network].Length, left[network].Length + split.Test.Count));
                targets.AddRange(UciReproduction.Targets(data, left[network]));
            }

            double[] known = [.. targets];
            LearnedResidualNoise noise = LearnedResidualNoise.Learn([.. outOfFold], known);
            double likelihood = outOfFold.Zip(known).Average(pair => noise.LogDensity(pair.First, pair.Second));
            if (likelihood > bestLikelihood)
            {
                (bestLikelihood, bestNoise, best) = (likelihood, noise, rate);
            }
        }

        double[] truth = UciReproduction.Targets(data, split.Test);
        double[][][] members =
        [
            .. Enumerable.Range(0, Folds).Select(fold =>
            {
                int network = first + (best * Folds) + fold;
                return Rows(all[network], passes, left[network].Length, split.Test.Count, left[network].Length + split.Test.Count);
            }),
        ];
        double[][] committee = [.. truth.Select((_, row) => members.SelectMany(member => member[row]).ToArray())];
        double squared = committee.Zip(truth).Average(pair => Math.Pow(pair.Second - pair.First.Average(), 2));
        return (Math.Sqrt(squared), committee.Zip(truth).Average(pair => bestNoise!.LogDensity(pair.First, pair.Second)));
    }

    /// <summary>For each of some rows its passes, from passes × rows.</summary>
    private static double[][] Rows(double[] values, int passes, int first, int count, int rows) =>
        [.. Enumerable.Range(first, count).Select(row => Enumerable.Range(0, passes).Select(pass => values[(pass * rows) + row]).ToArray())];
}
