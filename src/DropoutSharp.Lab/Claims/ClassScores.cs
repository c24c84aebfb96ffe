using DropoutSharp.Torch;
using DropoutSharp.Uncertainty;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Claims;

/// <summary>How good class probabilities are.</summary>
/// <param name="Error">The share of wrong rows, in %.</param>
/// <param name="Nll">Mean negative log-likelihood, in nats.</param>
/// <param name="CalibrationError">Expected calibration error, in %.</param>
internal readonly record struct ClassScores(double Error, double Nll, double CalibrationError)
{
    private const int Bins = 15;

    /// <summary>The scores of a model in evaluation.</summary>
    public static ClassScores Plain(nn.Module<Tensor, Tensor> model, Tensor rows, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return Of(Probabilities(model, rows), labels);
    }

    /// <summary>The scores of given probabilities, rows × classes.</summary>
    public static ClassScores Of(Tensor probabilities, Tensor labels)
    {
        using var scope = NewDisposeScope();
        double[] p = [.. probabilities.to(float64).contiguous().data<double>()];
        int[] classes = [.. labels.to(int32).data<int>()];
        return new ClassScores(
            100 * (1 - ClassificationScores.Accuracy<double>(p, classes)),
            ClassificationScores.NegativeLogLikelihood<double>(p, classes),
            100 * Uncertainty.CalibrationError.Expected(Uncertainty.CalibrationError.Bins<double>(p, classes, Math.Min(Bins, classes.Length))));
    }

    /// <summary>A model's probabilities in the mode that its parts are in.</summary>
    public static Tensor Probabilities(nn.Module<Tensor, Tensor> model, Tensor rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return nn.functional.softmax(model.call(rows).to(float64), 1).MoveToOuterDisposeScope();
    }

    /// <summary>The probabilities of passes with dropout on, everything else in evaluation, one pass after the other.</summary>
    public static IEnumerable<Tensor> Passes(nn.Module<Tensor, Tensor> model, Tensor rows, int passes, ulong key) =>
        Draws(model, passes, key, () => Probabilities(model, rows));

    /// <summary>What a function gives in each of several passes with dropout on.</summary>
    public static IEnumerable<Tensor> Draws(nn.Module model, int passes, ulong key, Func<Tensor> run)
    {
        List<IDisposable> sampling = [.. DropoutSites.Of(model).Select(site =>
            site.Site.Sample(new SiteSampling(new MaskStream(key, 0, site.Site.Position.Site))))];
        try
        {
            for (int pass = 0; pass < passes; pass++)
            {
                yield return run();
            }
        }
        finally
        {
            sampling.ForEach(each => each.Dispose());
        }
    }

    /// <summary>The mean of the probabilities of passes.</summary>
    public static Tensor MonteCarloMean(nn.Module<Tensor, Tensor> model, Tensor rows, int passes, ulong key)
    {
        using var scope = NewDisposeScope();
        Tensor? sum = null;
        foreach (Tensor each in Passes(model, rows, passes, key))
        {
            sum = sum is null ? each : sum.Increase(each);
        }

        return sum!.Over(passes).MoveToOuterDisposeScope();
    }
}
