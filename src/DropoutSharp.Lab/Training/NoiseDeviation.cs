using DropoutSharp.Uncertainty;

namespace DropoutSharp.Lab.Training;

/// <summary>The standard deviation of the noise in a regression target, learned on validation rows.</summary>
internal static class NoiseDeviation
{
    private const double GoldenSection = 0.61803398874989485;
    private const int Halvings = 60;

    /// <summary>The noise under which the predictions of the passes make the targets most likely.</summary>
    /// <param name="predictions">Predictions for the validation rows.</param>
    /// <returns>In the target's unit; never 0, so that a perfect fit has a likelihood.</returns>
    /// <remarks>
    /// For one pass that is the root mean squared residual. For several it is found by a golden-section search of the logarithm between a
    /// thousandth of the residuals of the mean and ten times them: passes that differ already explain a part of the residuals.
    /// </remarks>
    public static double Fit(ValuePredictions predictions)
    {
        double[] passes = predictions.Passes, targets = [.. predictions.Targets];
        double residual = RegressionScores.RootMeanSquaredError<double>(predictions.Moments().Means, targets);
        double size = targets.Max(Math.Abs);
        residual = Math.Max(residual, Math.Max(size, 1e-30) * 1e-9);
        if (passes.Length == targets.Length)
        {
            return residual;
        }

        double low = Math.Log(residual / 1000), high = Math.Log(residual * 10);
        double left = high - (GoldenSection * (high - low)), right = low + (GoldenSection * (high - low));
        (double atLeft, double atRight) = (Loss(left), Loss(right));
        for (int i = 0; i < Halvings && high - low > 1e-6; i++)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (GoldenSection * (high - low));
                atLeft = Loss(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (GoldenSection * (high - low));
                atRight = Loss(right);
            }
        }

        return Math.Exp((low + high) / 2);

        double Loss(double logDeviation) => -RegressionScores.PredictiveLogLikelihood<double>(passes, targets, Math.Exp(-2 * logDeviation));
    }
}
