using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Comparison;

/// <summary>Compares a candidate with "none", pair by pair.</summary>
internal static class PairedTests
{
    /// <summary>The paired t-test over the seeds that both were trained with; null for fewer than two.</summary>
    /// <remarks>Not yet corrected: the corrected p-value is the p-value.</remarks>
    public static PairedTest? OverSeeds(IReadOnlyList<TrialResult> candidate, IReadOnlyList<TrialResult> none, Scoring scoring, double level)
    {
        Dictionary<ulong, TrialResult> noneBySeed = none.ToDictionary(trial => trial.Seed);
        double[] differences =
        [
            .. candidate.Where(trial => noneBySeed.ContainsKey(trial.Seed))
                .Select(trial => scoring.OnTest(trial) - scoring.OnTest(noneBySeed[trial.Seed])),
        ];
        return differences.Length < 2 ? null : ToTest(StudentInterval.Of(differences, level), scoring);
    }

    /// <summary>The paired t-test over the test rows, each row's losses averaged over the seeds that both were trained with; null where there is none.</summary>
    /// <remarks>
    /// For <c>rmse</c> the row's share is its squared error, and the difference of two roots is <c>(a² − b²)/(a + b)</c>, so that the mean over rows
    /// is the difference of the root mean squared errors over all rows and seeds.
    /// </remarks>
    public static PairedTest? OverRows(
        IReadOnlyList<TrialRecord> candidate, IReadOnlyList<TrialRecord> none, Scoring scoring, double level)
    {
        Dictionary<ulong, TrialRecord> noneBySeed = none.ToDictionary(trial => trial.Result.Seed);
        (TrialRecord Candidate, TrialRecord None)[] pairs =
        [
            .. candidate.Where(trial => noneBySeed.ContainsKey(trial.Result.Seed)).Select(trial => (trial, noneBySeed[trial.Result.Seed])),
        ];
        int rows = pairs.Length == 0 ? 0 : pairs[0].None.RowLosses.Length;
        if (rows < 2)
        {
            return null;
        }

        double[] differences = new double[rows];
        (double sumCandidate, double sumNone) = (0, 0);
        foreach ((TrialRecord one, TrialRecord other) in pairs)
        {
            ReadOnlySpan<float> ofCandidate = one.RowLosses, ofNone = other.RowLosses;
            for (int row = 0; row < rows; row++)
            {
                differences[row] += ((double)ofCandidate[row] - ofNone[row]) / pairs.Length;
                sumCandidate += ofCandidate[row];
                sumNone += ofNone[row];
            }
        }

        if (scoring.PlainScore == ScoreNames.RootMeanSquaredError)
        {
            double count = (double)rows * pairs.Length, roots = Math.Sqrt(sumCandidate / count) + Math.Sqrt(sumNone / count);
            differences = roots > 0 ? Array.ConvertAll(differences, difference => difference / roots) : differences;
        }

        return ToTest(StudentInterval.Of(differences, level), scoring);
    }

    private static PairedTest ToTest(StudentInterval interval, Scoring scoring) =>
        new(scoring.Score, interval.Mean, interval.Low, interval.High, interval.PValue, interval.PValue);
}
