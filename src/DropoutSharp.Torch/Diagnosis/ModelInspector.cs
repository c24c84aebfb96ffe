using System.Globalization;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The linter: runs a model on a batch, watches its dropout, and says what is wrong with it and what to do.</summary>
/// <remarks>
/// Judged is what happens when the model runs, not how it is written: a site that is never run, a softmax that receives what dropout gave, a
/// normalisation whose input shifts (see <see cref="NormalizationClash"/>). Modules must be run through <c>call()</c>, as containers do.
/// </remarks>
public static class ModelInspector
{
    private const double BatchShiftWorthWarning = 0.95;
    private const double FittingStatistics = 0.05;

    /// <summary>Inspects a model.</summary>
    /// <param name="model">Any model that takes one tensor.</param>
    /// <param name="inputs">A batch of real rows; a hundred or more for steady figures.</param>
    /// <param name="passes">Over how many masks training variance is averaged, at least 1.</param>
    /// <returns>What was found. The model's weights, statistics and modes are left as they were.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="passes"/> is below 1.</exception>
    public static InspectionReport Inspect(nn.Module<Tensor, Tensor> model, Tensor inputs, int passes = 16)
    {
        IReadOnlyList<VarianceShift> shifts = NormalizationClash.Measure(model, inputs, passes);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var modes = new TrainingModes(model);
        using var recorder = new ForwardRecorder(model);
        Tensor output = recorder.Run(model, inputs);
        List<StochasticSite> found = StochasticSite.Of(model);
        var sites = new List<InspectedSite>();
        var findings = new List<Finding>();
        foreach (StochasticSite site in found)
        {
            ForwardRecorder.Call? call = recorder.Calls.FirstOrDefault(each => each.Path == site.Path);
            sites.Add(new InspectedSite(site.Path, site.Kind, site.DropRate, call?.Input.shape ?? []));
            findings.AddRange(Rate(site));
            if (call is null)
            {
                findings.Add(Warn(
                    FindingRules.NeverRun,
                    site,
                    $"{Name(site)} is in the model but is not run.",
                    "Call it in forward (through call(), not forward()), or remove it."));
            }
            else if (site.DropRate is not 0)
            {
                findings.AddRange(Following(site, call, recorder.Calls, output, found));
            }

            findings.AddRange(AroundBatchNorm(site));
        }

        findings.AddRange(shifts.SelectMany(Shift));
        if (found.Count == 0)
        {
            findings.Add(new Finding(FindingSeverity.Note, FindingRules.NoDropout, string.Empty, "The model has no dropout.", string.Empty));
        }

        return new InspectionReport(sites, shifts, [.. findings.OrderByDescending(finding => finding.Severity)]);
    }

    private static IEnumerable<Finding> Rate(StochasticSite site)
    {
        if (site.DropRate == 0)
        {
            yield return Warn(FindingRules.RateZero, site, $"{Name(site)} has rate 0 and does nothing.", "Give it a rate, or remove it.");
        }
        else if (site.DropRate == 1)
        {
            yield return Warn(
                FindingRules.RateOne, site, $"{Name(site)} has rate 1: in training nothing passes, and nothing before it learns.", "Lower its rate.");
        }
    }

    private static IEnumerable<Finding> Following(
        StochasticSite site, ForwardRecorder.Call call, IReadOnlyList<ForwardRecorder.Call> calls, Tensor output, List<StochasticSite> sites)
    {
        // Containers end after what they call, so of those that share the site's output only leaves that come later matter.
        int at = calls.ToList().IndexOf(call);
        ForwardRecorder.Call? next = calls.Skip(at + 1).FirstOrDefault(each =>
            each.Module.children().All(child => child is DropoutSite) && ForwardRecorder.Call.SameValues(each.Input, call.Output));
        if (next?.Module is TorchSharp.Modules.Softmax or TorchSharp.Modules.LogSoftmax or TorchSharp.Modules.Softmax2d)
        {
            yield return Warn(
                FindingRules.SoftmaxAfterDropout,
                site,
                $"A softmax ('{next.Path}') takes what {Name(site)} gives: a dropped logit becomes 0, which is not impossible but an ordinary vote.",
                "Put the dropout before the layer that makes the logits.");
        }
        else if (ForwardRecorder.Call.SameValues(call.Output, output))
        {
            yield return Warn(
                FindingRules.DropoutOnOutput,
                site,
                $"{Name(site)} drops the model's own output.",
                "Put the dropout before the last layer.");
        }
        else if (next is not null && sites.Find(each => each.Path == next.Path) is { DropRate: > 0 } second)
        {
            double together = 1 - ((1 - site.DropRate) * (1 - second.DropRate));
            yield return Warn(
                FindingRules.DropoutTwice,
                site,
                string.Create(CultureInfo.InvariantCulture, $"{Name(site)} is followed directly by {Name(second)}: together they drop {together:0.###}."),
                "Keep one of them, with the rate that you mean.");
        }
    }

    private static IEnumerable<Finding> AroundBatchNorm(StochasticSite site)
    {
        if (DropsRowsOfAPath(site.Module) && ModulePaths.Of(site.Module).FirstOrDefault(entry => entry.Module is TorchSharp.Modules.BatchNorm) is { Module: not null } norm)
        {
            yield return Warn(
                FindingRules.RowPathAroundBatchNorm,
                site,
                $"{Name(site)} drops its branch row by row, but the branch contains a BatchNorm ('{norm.Path}'), whose statistics mix rows.",
                "Drop the branch for whole batches, or use a normalisation that treats each row alone.");
        }
    }

    /// <summary>Whether a module drops a whole branch row by row.</summary>
    private static bool DropsRowsOfAPath(nn.Module module) => module is StochasticDepth { Mode: not StochasticDepthMode.Batch };

    private static IEnumerable<Finding> Shift(VarianceShift shift)
    {
        string size = string.Create(
            CultureInfo.InvariantCulture,
            $"{shift.SiteKind} '{shift.Site}' (rate {shift.DropRate:0.###}) makes the variance that '{shift.Norm}' sees in evaluation {shift.Measured:0.00} times that of training");
        string predicted = shift.Predicted is { } ratio && shift.IsPredictedAtNorm
            ? string.Create(CultureInfo.InvariantCulture, $" (predicted {ratio:0.00}).")
            : ".";
        if (shift.NormKind == NormalizationKind.Batch && shift.Measured < BatchShiftWorthWarning && Math.Abs((shift.Remembered ?? 1) - 1) <= FittingStatistics)
        {
            yield return new Finding(
                FindingSeverity.Note,
                FindingRules.DropoutBeforeBatchNorm,
                shift.Site,
                size + predicted + (shift.Remembered is null
                    ? " The layer remembers nothing, so nothing goes stale."
                    : " The statistics that it remembers fit evaluation all the same, as they do after a recomputation with dropout off."),
                string.Empty);
        }
        else if (shift.NormKind == NormalizationKind.Batch && shift.Measured < BatchShiftWorthWarning)
        {
            yield return new Finding(
                FindingSeverity.Warning,
                FindingRules.DropoutBeforeBatchNorm,
                shift.Site,
                size + predicted,
                "Move the dropout after the last BatchNorm; or drop whole channels, or use uniform noise, which shift less; or recompute the BatchNorm's statistics with dropout off.");
        }
        else if (shift.NormKind != NormalizationKind.Batch)
        {
            yield return new Finding(
                FindingSeverity.Note,
                FindingRules.DropoutBeforeRowNorm,
                shift.Site,
                size + predicted + " The layer normalises each row by itself, in both modes, so nothing remembered goes stale.",
                string.Empty);
        }
    }

    private static string Name(StochasticSite site) => $"{site.Kind} '{site.Path}'";

    private static Finding Warn(string rule, StochasticSite site, string message, string advice) =>
        new(FindingSeverity.Warning, rule, site.Path, message, advice);
}
