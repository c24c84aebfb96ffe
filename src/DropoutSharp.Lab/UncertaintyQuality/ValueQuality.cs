using System.Runtime.InteropServices;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Training;
using DropoutSharp.Torch;
using DropoutSharp.Uncertainty;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>How good a regression's uncertainty is.</summary>
internal static class ValueQuality
{
    private const int ChunkRows = 1024;
    private const int CentralLevels = 19;

    public static QualityResult Judge(
        Model model, McDropout dropout, QualityRows rows, QualityRows? foreign, QualityOptions options, CancellationToken cancellation)
    {
        TargetEncoder target = model.Description.Encoder.Target;
        NoiseDeviations noise = options.Precision is { } precision
            ? new(1 / Math.Sqrt(precision), 1 / Math.Sqrt(precision))
            : model.Description.Noise;
        int levels = options.Bins ?? CentralLevels;
        double[] targets = Array.ConvertAll(rows.Targets, value => target.Mean + (target.Scale * value));
        Predictions plain = new(targets, noise.Plain, levels), sampled = new(targets, noise.MonteCarlo, levels);
        plain.Add(ToUnit(NetworkOutputs.Compute(model.Network, rows.Features), target));
        HashSet<int> checkpoints = UncertaintyAssessment.Checkpoints(options.Passes);
        List<PassPoint> points = [];
        Sample(dropout, rows, target, options, cancellation, pass =>
        {
            sampled.Add(pass);
            if (checkpoints.Contains(sampled.Moments.Passes))
            {
                points.Add(new PassPoint(
                    sampled.Moments.Passes, -sampled.Likelihood.GetMean(),
                    RegressionScores.RootMeanSquaredError<double>(sampled.Moments.GetMean(), targets)));
            }
        });
        List<DetectionScores> detections = [];
        double[] own = sampled.Epistemic(), foreignScores = [];
        if (foreign is not null)
        {
            RegressionMoments of = new(foreign.Count);
            Sample(dropout, foreign, target, options with { Seed = MaskStream.DeriveKey(options.Seed, 1) }, cancellation, pass => of.Add<double>(pass));
            foreignScores = Array.ConvertAll(of.GetEpistemicVariance(), Math.Sqrt);
            detections.Add(new("epistemic_deviation", own, foreignScores));
        }

        Dictionary<string, double> plainScores = plain.Scores();
        return new QualityResult
        {
            Model = "",
            Data = rows.Name,
            Task = "regression",
            Rows = rows.Count,
            Passes = options.Passes,
            Plain = plainScores,
            MonteCarlo = sampled.Scores(),
            ByPasses = points,
            PaysFrom = UncertaintyAssessment.PaysFrom(points, plainScores["nll"]),
            Coverage = [.. options.Levels.Select(level => sampled.Cover(level, options.Seed))],
            Foreign = [.. detections.Select(UncertaintyAssessment.Detect)],
            ForeignData = foreign?.Name,
            Warning = null,
            Seconds = 0,
            Pictures = new QualityPictures(plain.Bins(), sampled.Bins(), plain.Risk(), sampled.Risk(), own, foreignScores) { Detections = detections },
        };
    }

    private static void Sample(
        McDropout dropout, QualityRows rows, TargetEncoder target, QualityOptions options, CancellationToken cancellation, Action<double[]> take)
    {
        foreach (Tensor output in dropout.Stream(rows.Features, new McDropoutOptions(options.Passes, options.Seed, BatchSize: ChunkRows)))
        {
            using (output)
            {
                cancellation.ThrowIfCancellationRequested();
                take(ToUnit(MemoryMarshal.Cast<byte, float>(output.contiguous().bytes), target));
            }
        }
    }

    private static double[] ToUnit(ReadOnlySpan<float> outputs, TargetEncoder target)
    {
        double[] values = new double[outputs.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = target.Mean + (target.Scale * outputs[i]);
        }

        return values;
    }

    /// <summary>Passes around each of which there is the same noise; summed up as one Gaussian a row but for the likelihood.</summary>
    private sealed class Predictions(double[] targets, double noise, int levels)
    {
        public RegressionMoments Moments { get; } = new(targets.Length);

        public PredictiveLikelihood Likelihood { get; } = new(targets);

        public void Add(double[] pass)
        {
            Moments.Add<double>(pass);
            Likelihood.Add<double>(pass, 1 / (noise * noise));
        }

        public double[] Epistemic() => Array.ConvertAll(Moments.GetEpistemicVariance(), Math.Sqrt);

        public Dictionary<string, double> Scores()
        {
            double[] means = Moments.GetMean();
            return new()
            {
                ["rmse"] = RegressionScores.RootMeanSquaredError<double>(means, targets),
                ["mae"] = RegressionScores.MeanAbsoluteError<double>(means, targets),
                ["nll"] = -Likelihood.GetMean(),
                ["crps"] = RegressionScores.GaussianCrps<double>(means, Spreads(), targets),
                ["ece"] = CalibrationError.Expected(Bins()),
                ["aurc"] = RiskCoverage.Area<double>(Spreads(), Losses()),
            };
        }

        public CalibrationBin[] Bins()
        {
            double[] means = Moments.GetMean(), spreads = Spreads();
            return CalibrationError.CentralIntervals<double>([.. targets.Select((target, row) => Normal.Cdf((target - means[row]) / spreads[row]))], levels);
        }

        public RiskCoveragePoint[] Risk() => RiskCoverage.Curve<double>(Spreads(), Losses());

        public LevelCoverage Cover(double level, ulong seed)
        {
            (int[] calibration, int[] judged) = UncertaintyAssessment.Halves(targets.Length, seed);
            double[] means = Moments.GetMean(), spreads = Spreads();
            long needed = Conformal.RowsNeeded(level);
            double quantile = Normal.Quantile(0.5 + (level / 2));
            (double own, double width) = Cover(new ConformalRegression(level, quantile));
            if (calibration.Length < needed)
            {
                return new LevelCoverage(level, own, width, null, null, needed);
            }

            (double conformal, double conformalWidth) = Cover(ConformalRegression.Calibrate<double>(
                [.. calibration.Select(row => means[row])], [.. calibration.Select(row => spreads[row])], [.. calibration.Select(row => targets[row])], level));
            return new LevelCoverage(level, own, width, conformal, conformalWidth, needed) { Chance = LevelCoverage.ChanceOf(level, calibration.Length, judged.Length) };

            (double Share, double Width) Cover(ConformalRegression intervals)
            {
                PredictionInterval[] all = [.. judged.Select(row => intervals.Interval(means[row], spreads[row]))];
                return (all.Zip(judged).Average(pair => pair.First.Contains(targets[pair.Second]) ? 1.0 : 0), all.Average(interval => interval.Width));
            }
        }

        private double[] Spreads() => Array.ConvertAll(Moments.GetEpistemicVariance(), variance => Math.Sqrt(variance + (noise * noise)));

        private double[] Losses()
        {
            double[] means = Moments.GetMean();
            return [.. targets.Select((target, row) => (target - means[row]) * (target - means[row]))];
        }
    }
}
