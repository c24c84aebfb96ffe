using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Finds every dropout site whose noise reaches a normalisation layer, and measures how much it shifts the variance there.</summary>
/// <remarks>
/// <para>Dropout keeps the mean of a value between training and evaluation, but not its variance. A BatchNorm behind it remembers the variance of training
/// and divides by it in evaluation, where it no longer fits.</para>
/// <para>The sites are found by what they do, not by where they stand: each is switched on alone, and a layer that then sees other values is behind it. So
/// residual branches and any wiring are covered, as long as modules are run through <c>call()</c>. For each site the first layer that it reaches is reported, and every
/// further BatchNorm whose input it shifts by more than a tenth.</para>
/// </remarks>
public static class NormalizationClash
{
    private const double WorthTelling = 0.1;

    /// <summary>Measures a model on a batch of rows.</summary>
    /// <param name="model">Any model that takes one tensor.</param>
    /// <param name="inputs">A batch of real rows; a hundred or more for a steady figure.</param>
    /// <param name="passes">Over how many masks training variance is averaged, at least 1.</param>
    /// <returns>One entry a pair, sites in the order in which they run. The model's weights, statistics and modes are left as they were.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="passes"/> is below 1.</exception>
    public static IReadOnlyList<VarianceShift> Measure(nn.Module<Tensor, Tensor> model, Tensor inputs, int passes = 16)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        if (passes < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(passes), passes, $"Passes must be at least 1; received {passes}.");
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var modes = new TrainingModes(model);
        using var recorder = new ForwardRecorder(model);
        Tensor output = recorder.Run(model, inputs);
        List<Seen> before = [.. recorder.Calls.Select(Seen.Of)];
        var shifts = new List<VarianceShift>();
        foreach (StochasticSite site in StochasticSite.Of(model))
        {
            int at = before.FindIndex(seen => seen.Path == site.Path);
            if (at >= 0 && site.DropRate is > 0 and < 1)
            {
                shifts.AddRange(ShiftsOf(site, before, at, model, inputs, recorder, passes));
            }
        }

        return [.. shifts.OrderBy(shift => before.FindIndex(seen => seen.Path == shift.Site))];
    }

    private static List<VarianceShift> ShiftsOf(
        StochasticSite site, List<Seen> before, int at, nn.Module<Tensor, Tensor> model, Tensor inputs, ForwardRecorder recorder, int passes)
    {
        var training = new double[before.Count];
        var changed = new bool[before.Count];
        using IDisposable drawing = site.Draw();
        for (int pass = 0; pass < passes; pass++)
        {
            using var scope = NewDisposeScope();
            recorder.Run(model, inputs);
            for (int i = at + 1; i < before.Count && i < recorder.Calls.Count; i++)
            {
                if (before[i].Norm is { } kind)
                {
                    Tensor input = recorder.Calls[i].Input;
                    training[i] += GroupMoments.Of(input, kind).TotalVariance / passes;
                    changed[i] |= !ForwardRecorder.Call.SameValues(input, before[i].Input);
                }
            }
        }

        var shifts = new List<VarianceShift>();
        for (int i = at + 1; i < before.Count; i++)
        {
            if (before[i].Norm is { } kind && changed[i])
            {
                double measured = GroupMoments.Of(before[i].Input, kind).TotalVariance / training[i];
                if (shifts.Count == 0 || (kind == NormalizationKind.Batch && measured < 1 - WorthTelling))
                {
                    GroupMoments entering = GroupMoments.Of(before[at].Input, kind);
                    (double? predicted, bool atNorm) = Predict(site, before, at, i, entering);
                    shifts.Add(new VarianceShift(
                        site.Path, site.Kind, site.DropRate, before[i].Path, kind, entering.RootMeanSquareOfMeans, entering.MeanVariance,
                        predicted, atNorm, measured, (1 / measured) - 1)
                    {
                        Remembered = Remembered(before[i]),
                    });
                }
            }
        }

        return shifts;
    }

    private static double? Remembered(Seen norm) => norm.BatchNorm?.running_var is { } variance
        ? GroupMoments.Of(norm.Input, NormalizationKind.Batch).TotalVariance / variance.to(float64).sum().item<double>()
        : null;

    private static (double? Ratio, bool AtNorm) Predict(StochasticSite site, List<Seen> before, int at, int norm, GroupMoments entering)
    {
        if (!site.IsElementwise)
        {
            return (null, false);
        }

        double noise = site.DropRate / (1 - site.DropRate);
        if (ForwardRecorder.Call.SameValues(before[at].Output, before[norm].Input))
        {
            return (Ratio(entering.TotalVariance, noise * entering.TotalSecondMoment), true);
        }

        Seen? between = before.Skip(at + 1).Take(norm - at - 1).FirstOrDefault(seen =>
            seen.Linear is not null
            && ForwardRecorder.Call.SameValues(before[at].Output, seen.Input)
            && ForwardRecorder.Call.SameValues(seen.Output, before[norm].Input));
        if (between?.Linear is { weight: { } weight } && weight.dim() == 2)
        {
            // Independent factors add Σ w²·E[x²]·r/(1−r) to the variance of each output, whatever the inputs' correlations.
            using var scope = NewDisposeScope();
            Tensor dropped = before[at].Input.reshape(TensorMemory.Shape(between.Input)); // a flattening may lie between
            Tensor squares = nn.functional.linear(dropped.to(float64).Squared(), weight.detach().to(float64).Squared());
            NormalizationKind kind = before[norm].Norm!.Value;
            double added = noise * GroupMoments.Of(squares, kind).TotalMean;
            return (Ratio(GroupMoments.Of(before[norm].Input, kind).TotalVariance, added), true);
        }

        return (Ratio(entering.TotalVariance, noise * entering.TotalSecondMoment), false);

        static double Ratio(double variance, double added) => variance / (variance + added);
    }

    private sealed record Seen(string Path, NormalizationKind? Norm, TorchSharp.Modules.Linear? Linear, TorchSharp.Modules.BatchNorm? BatchNorm, Tensor Input, Tensor Output)
    {
        public static Seen Of(ForwardRecorder.Call call) => new(
            call.Path, NormalizationKinds.Of(call.Module), call.Module as TorchSharp.Modules.Linear, call.Module as TorchSharp.Modules.BatchNorm, call.Input.alias(), call.Output.alias());
    }
}
