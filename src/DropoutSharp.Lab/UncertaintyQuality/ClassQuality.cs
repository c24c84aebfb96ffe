using System.Runtime.InteropServices;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Training;
using DropoutSharp.Torch;
using DropoutSharp.Uncertainty;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>How good a classifier's uncertainty is.</summary>
internal static class ClassQuality
{
    private const int ChunkRows = 1024;
    private const int MostBins = 15;

    public static QualityResult Judge(
        Model model, McDropout dropout, QualityRows rows, QualityRows? foreign, QualityOptions options, CancellationToken cancellation)
    {
        int classes = model.Description.Encoder.Target.Classes.Count;
        int[] labels = Array.ConvertAll(rows.Targets, target => (int)target);
        ClassificationMoments plain = Plain(model, rows, classes);
        HashSet<int> checkpoints = UncertaintyAssessment.Checkpoints(options.Passes);
        List<PassPoint> points = [];
        ClassificationMoments moments = Sample(dropout, rows, classes, options, cancellation, soFar =>
        {
            if (checkpoints.Contains(soFar.Passes))
            {
                double[] mean = soFar.GetMeanProbabilities();
                points.Add(new PassPoint(
                    soFar.Passes, ClassificationScores.NegativeLogLikelihood<double>(mean, labels), ClassificationScores.Accuracy<double>(mean, labels)));
            }
        });
        Dictionary<string, double> plainScores = Scores(plain, labels, options.Bins), scores = Scores(moments, labels, options.Bins);
        List<DetectionScores> detections = [];
        double[] foreignScores = [];
        if (foreign is not null)
        {
            ClassificationMoments plainForeign = Plain(model, foreign, classes);
            ClassificationMoments of = Sample(dropout, foreign, classes, options with { Seed = MaskStream.DeriveKey(options.Seed, 1) }, cancellation, null);
            foreignScores = of.GetMutualInformation();
            detections.Add(new("entropy_of_weight_scaling", plain.GetPredictiveEntropy(), plainForeign.GetPredictiveEntropy()));
            detections.Add(new("predictive_entropy", moments.GetPredictiveEntropy(), of.GetPredictiveEntropy()));
            detections.Add(new("mutual_information", moments.GetMutualInformation(), foreignScores));
            detections.Add(new("variation_ratio", moments.GetVariationRatio(), of.GetVariationRatio()));
        }

        double[] mean = moments.GetMeanProbabilities();
        return new QualityResult
        {
            Model = "",
            Data = rows.Name,
            Task = "classification",
            Rows = rows.Count,
            Passes = options.Passes,
            Plain = plainScores,
            MonteCarlo = scores,
            ByPasses = points,
            PaysFrom = UncertaintyAssessment.PaysFrom(points, plainScores["nll"]),
            Coverage = [.. options.Levels.Select(level => Cover(mean, labels, classes, level, options.Seed))],
            Foreign = [.. detections.Select(UncertaintyAssessment.Detect)],
            ForeignData = foreign?.Name,
            Warning = null,
            Seconds = 0,
            Pictures = new QualityPictures(
                Bins(plain.GetMeanProbabilities(), labels, options.Bins), Bins(mean, labels, options.Bins), Risk(plain, labels), Risk(moments, labels), moments.GetMutualInformation(), foreignScores)
            {
                Detections = detections,
            },
        };
    }

    private static ClassificationMoments Plain(Model model, QualityRows rows, int classes)
    {
        ClassificationMoments moments = new(rows.Count, classes);
        moments.AddLogits<float>(NetworkOutputs.Compute(model.Network, rows.Features));
        return moments;
    }

    private static ClassificationMoments Sample(
        McDropout dropout, QualityRows rows, int classes, QualityOptions options, CancellationToken cancellation, Action<ClassificationMoments>? passDone)
    {
        ClassificationMoments moments = new(rows.Count, classes);
        foreach (Tensor output in dropout.Stream(rows.Features, new McDropoutOptions(options.Passes, options.Seed, BatchSize: ChunkRows)))
        {
            using (output)
            {
                cancellation.ThrowIfCancellationRequested();
                moments.AddLogits<float>(MemoryMarshal.Cast<byte, float>(output.contiguous().bytes));
                passDone?.Invoke(moments);
            }
        }

        return moments;
    }

    private static Dictionary<string, double> Scores(ClassificationMoments moments, int[] labels, int? asked)
    {
        double[] mean = moments.GetMeanProbabilities();
        int bins = asked ?? Math.Min(MostBins, labels.Length);
        return new()
        {
            ["accuracy"] = ClassificationScores.Accuracy<double>(mean, labels),
            ["nll"] = ClassificationScores.NegativeLogLikelihood<double>(mean, labels),
            ["brier"] = ClassificationScores.BrierScore<double>(mean, labels),
            ["ece"] = CalibrationError.Expected<double>(mean, labels, bins),
            ["ece_mass"] = CalibrationError.Expected<double>(mean, labels, bins, CalibrationBinning.EqualMass),
            ["mce"] = CalibrationError.Maximum<double>(mean, labels, bins),
            ["aurc"] = RiskCoverage.Area<double>(moments.GetPredictiveEntropy(), Losses(mean, labels)),
        };
    }

    private static double[] Losses(double[] probabilities, int[] labels)
    {
        int classes = probabilities.Length / labels.Length;
        double[] losses = new double[labels.Length];
        for (int row = 0; row < losses.Length; row++)
        {
            losses[row] = 1 - ClassificationScores.Accuracy<double>(probabilities.AsSpan(row * classes, classes), labels.AsSpan(row, 1));
        }

        return losses;
    }

    private static CalibrationBin[] Bins(double[] probabilities, int[] labels, int? asked) =>
        CalibrationError.Bins<double>(probabilities, labels, asked ?? Math.Min(MostBins, labels.Length));

    private static RiskCoveragePoint[] Risk(ClassificationMoments moments, int[] labels) =>
        RiskCoverage.Curve<double>(moments.GetPredictiveEntropy(), Losses(moments.GetMeanProbabilities(), labels));

    private static LevelCoverage Cover(double[] probabilities, int[] labels, int classes, double level, ulong seed)
    {
        (int[] calibration, int[] judged) = UncertaintyAssessment.Halves(labels.Length, seed);
        long needed = Conformal.RowsNeeded(level);

        // The model's own sets: the most probable classes until their probabilities reach the level.
        (double own, double ownSize) = Cover(row =>
        {
            double[] ofRow = probabilities[(row * classes)..((row + 1) * classes)];
            int[] order = [.. Enumerable.Range(0, classes).OrderByDescending(c => ofRow[c])];
            double sum = 0;
            return [.. order.TakeWhile(c =>
            {
                bool goesOn = sum < level;
                sum += ofRow[c];
                return goesOn;
            })];
        });
        if (calibration.Length < needed)
        {
            return new LevelCoverage(level, own, ownSize, null, null, needed);
        }

        AdaptivePredictionSets sets = AdaptivePredictionSets.Calibrate<double>(
            [.. calibration.SelectMany(row => probabilities[(row * classes)..((row + 1) * classes)])], [.. calibration.Select(row => labels[row])], level,
            MaskStream.DeriveKey(seed, 0x73));
        (double conformal, double size) = Cover(row => sets.Predict<double>(probabilities.AsSpan(row * classes, classes), row));
        return new LevelCoverage(level, own, ownSize, conformal, size, needed) { Chance = LevelCoverage.ChanceOf(level, calibration.Length, judged.Length) };

        (double Share, double Size) Cover(Func<int, int[]> set)
        {
            int[][] all = [.. judged.Select(set)];
            return (all.Zip(judged).Average(pair => pair.First.Contains(labels[pair.Second]) ? 1.0 : 0), all.Average(classesOfRow => (double)classesOfRow.Length));
        }
    }
}
