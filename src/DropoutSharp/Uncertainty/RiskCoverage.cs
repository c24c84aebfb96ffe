using System.Numerics;

namespace DropoutSharp.Uncertainty;

/// <summary>What abstaining on the most uncertain rows gains: the risk of the rows that are kept, at every coverage.</summary>
/// <remarks>El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017. Rows of equal uncertainty are kept in random order, and expectations over that order are given.</remarks>
public static class RiskCoverage
{
    /// <summary>The risk–coverage curve: the mean loss of the k most certain rows, for k = 1 … N.</summary>
    /// <param name="uncertainties">The uncertainty of each row; NaN is refused.</param>
    /// <param name="losses">The loss of each row: 0 or 1 for right or wrong classes, an absolute or squared error for a regression.</param>
    /// <returns>One point a row, by rising coverage.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, or NaN.</exception>
    public static RiskCoveragePoint[] Curve<T>(ReadOnlySpan<T> uncertainties, ReadOnlySpan<T> losses)
        where T : IFloatingPointIeee754<T>
    {
        int rows = uncertainties.Length;
        ScoreGuard.Rows(rows, nameof(uncertainties));
        ScoreGuard.SameLength(rows, losses.Length, nameof(losses), "Losses");
        double[] uncertainty = new double[rows];
        double[] loss = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            uncertainty[row] = ScoreGuard.Double(uncertainties[row]);
            loss[row] = ScoreGuard.Double(losses[row]);
            ScoreGuard.NoNaN(uncertainty[row], nameof(uncertainties), "An uncertainty", row);
            ScoreGuard.NoNaN(loss[row], nameof(losses), "A loss", row);
        }

        return Curve(uncertainty, loss);
    }

    /// <summary>The area under the risk–coverage curve.</summary>
    /// <param name="uncertainties">The uncertainty of each row; NaN is refused.</param>
    /// <param name="losses">The loss of each row.</param>
    /// <returns>In the unit of the losses; less is better; the mean loss where the uncertainty says nothing.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, or NaN.</exception>
    /// <remarks><c>1/N Σ_k risk(k)</c> (AURC; Geifman, Uziel and El-Yaniv 2019).</remarks>
    public static double Area<T>(ReadOnlySpan<T> uncertainties, ReadOnlySpan<T> losses)
        where T : IFloatingPointIeee754<T> => Area(Curve(uncertainties, losses));

    /// <summary>How much larger the area is than that of an uncertainty that ranks the rows by their true losses.</summary>
    /// <param name="uncertainties">The uncertainty of each row; NaN is refused.</param>
    /// <param name="losses">The loss of each row.</param>
    /// <returns>In the unit of the losses; 0 is perfect.</returns>
    /// <exception cref="ArgumentException">No rows, sizes that do not fit, or NaN.</exception>
    /// <remarks>E-AURC (Geifman, Uziel and El-Yaniv 2019): comparable between models of different accuracy.</remarks>
    public static double ExcessArea<T>(ReadOnlySpan<T> uncertainties, ReadOnlySpan<T> losses)
        where T : IFloatingPointIeee754<T> => Area(Curve(uncertainties, losses)) - Area(Curve(losses, losses));

    private static double Area(RiskCoveragePoint[] curve) => curve.Average(point => point.Risk);

    private static RiskCoveragePoint[] Curve(double[] uncertainty, double[] loss)
    {
        int rows = loss.Length;
        Array.Sort(uncertainty, loss);
        RiskCoveragePoint[] curve = new RiskCoveragePoint[rows];
        double sum = 0;
        for (int start = 0; start < rows;)
        {
            int end = start;
            double ofTies = 0;
            while (end < rows && uncertainty[end] == uncertainty[start])
            {
                ofTies += loss[end++];
            }

            for (int k = start + 1; k <= end; k++)
            {
                double expected = sum + (ofTies * (k - start) / (end - start));
                curve[k - 1] = new RiskCoveragePoint((double)k / rows, expected / k);
            }

            sum += ofTies;
            start = end;
        }

        return curve;
    }
}
