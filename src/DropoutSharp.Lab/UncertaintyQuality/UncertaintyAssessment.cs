using System.Diagnostics;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Training;
using DropoutSharp.Torch;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>Judges how good a model's uncertainty is.</summary>
public static class UncertaintyAssessment
{
    /// <summary>Judges a model on rows that it was not trained on.</summary>
    /// <param name="modelFolder">The model's folder.</param>
    /// <param name="data">Rows with targets; where they have a test part, that is used. Null for the embedded digits.</param>
    /// <param name="foreign">Rows of another distribution, which need no target; null for none.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Stops between passes.</param>
    /// <exception cref="UserErrorException">The model or the data cannot be used; the message is one sentence that says why.</exception>
    public static QualityResult Run(
        string modelFolder, string? data, string? foreign, QualityOptions options, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFolder);
        ArgumentNullException.ThrowIfNull(options);
        foreach (double level in options.Levels)
        {
            if (!(level > 0 && level < 1))
            {
                throw new UserErrorException(FormattableString.Invariant($"The level of an interval must be above 0 and below 1; received {level}."));
            }
        }

        if (options.Passes < 1)
        {
            throw new UserErrorException(FormattableString.Invariant($"The number of passes must be at least 1; received {options.Passes}."));
        }

        if (options.Bins < 1)
        {
            throw new UserErrorException($"The number of bins must be at least 1; received {options.Bins}.");
        }

        if (options.Precision is { } precision && !(precision > 0 && double.IsFinite(precision)))
        {
            throw new UserErrorException(FormattableString.Invariant($"The noise precision τ must be positive and finite; received {precision}."));
        }

        long start = Stopwatch.GetTimestamp();
        using Model model = ModelFolder.Load(modelFolder);
        model.Network.eval();
        McDropout dropout = FindDropout(modelFolder, model);
        using QualityRows rows = QualityRows.Read(data, model.Description, options.Rows, needsTargets: true);
        if (options.Bins > rows.Count)
        {
            throw new UserErrorException($"The number of bins must be at most that of the rows, {rows.Count}; received {options.Bins}.");
        }

        if (options.Precision is not null && model.Description.Encoder.Target.Task == LearningTask.Classification)
        {
            throw new UserErrorException($"The noise precision τ belongs to a number; the model predicts classes of {model.Description.Encoder.Target.Name}.");
        }

        using QualityRows? others = foreign is null ? null : QualityRows.Read(foreign, model.Description, options.Rows, needsTargets: false);
        QualityResult result = model.Description.Encoder.Target.Task == LearningTask.Classification
            ? ClassQuality.Judge(model, dropout, rows, others, options, cancellation)
            : ValueQuality.Judge(model, dropout, rows, others, options, cancellation);
        string? execution = MonteCarlo.Describe(model.Network, rows.Count, model.Description.Blueprint.RowShape, options.Passes);
        return result with { Model = modelFolder, Warning = dropout.Warning, Execution = execution, Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    /// <summary>The numbers of passes at which results are measured: 1, 2, 5, 10, … and the last.</summary>
    internal static HashSet<int> Checkpoints(int passes)
    {
        HashSet<int> points = [passes];
        for (int decade = 1; decade <= passes; decade *= 10)
        {
            points.UnionWith(((int[])[decade, 2 * decade, 5 * decade]).Where(point => point <= passes));
            if (decade > passes / 10)
            {
                break;
            }
        }

        return points;
    }

    /// <summary>How well scores tell foreign rows apart.</summary>
    internal static Detection Detect(DetectionScores scores) => new(
        scores.Uncertainty, OutOfDistribution.Auroc<double>(scores.Own, scores.Foreign), OutOfDistribution.FalsePositiveRate<double>(scores.Own, scores.Foreign));

    /// <summary>The fewest passes from which on the likelihood stays above that of weight scaling.</summary>
    internal static int? PaysFrom(List<PassPoint> points, double plain)
    {
        int from = points.FindLastIndex(point => point.Nll >= plain) + 1;
        return from < points.Count ? points[from].Passes : null;
    }

    /// <summary>Every second row of a random order calibrates, the others judge.</summary>
    internal static (int[] Calibration, int[] Judged) Halves(int rows, ulong seed)
    {
        int[] order = Literature.UciReproduction.Shuffled([.. Enumerable.Range(0, rows)], MaskStream.DeriveKey(seed, 0x75));
        return (order[..(rows / 2)], order[(rows / 2)..]);
    }

    private static McDropout FindDropout(string folder, Model model)
    {
        try
        {
            return new McDropout(model.Network);
        }
        catch (ArgumentException)
        {
            throw new UserErrorException($"The model in '{folder}' must have dropout; it was trained as '{model.Description.Blueprint.Variant}', which has none.");
        }
    }
}
