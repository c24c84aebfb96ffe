namespace DropoutSharp.Lab.Literature;

/// <summary>What was published for a set, and the settings it was made with.</summary>
/// <param name="Rmse">Root mean squared error.</param>
/// <param name="LogLikelihood">Test log-likelihood, in nats a row.</param>
/// <param name="DropRate">The drop rate that was used.</param>
/// <param name="Precision">The noise precision τ that was used, in one over the target's unit squared.</param>
/// <param name="LengthScale">The prior length scale ℓ that was used.</param>
/// <param name="Precisions">The τ values of the grid.</param>
public sealed record UciFigures(
    double Rmse, double LogLikelihood, double DropRate, double Precision, double LengthScale, IReadOnlyList<double> Precisions)
{
    private static readonly Dictionary<string, (UciFigures Paper, (double Rmse, double LogLikelihood) Long, (double Rmse, double LogLikelihood) Grid)> Known = new()
    {
        ["bostonHousing"] = (new(2.97, -2.46, 0.05, 0.159708, 1e-2, [0.1, 0.15, 0.2]), (2.798, -2.389), (2.90, -2.40)),
        ["concrete"] = (new(5.23, -3.04, 0.01, 0.055732, 1e-2, [0.025, 0.05, 0.075]), (4.815, -2.940), (4.82, -2.93)),
        ["energy"] = (new(1.66, -1.99, 0.05, 0.427115, 1e-2, [0.25, 0.5, 0.75]), (1.086, -1.717), (0.54, -1.21)),
        ["yacht"] = (new(1.11, -1.55, 0.01, 0.541870, 1e-1, [0.25, 0.5, 0.75]), (0.724, -1.375), (0.67, -1.25)),
    };

    /// <summary>The names of the sets for which figures are known.</summary>
    public static IReadOnlyCollection<string> Sets => Known.Keys;

    /// <summary>What was published for a set; null where nothing is known of it.</summary>
    /// <param name="set">The set's name.</param>
    /// <param name="recipe">Which table. Our own recipe is set beside the paper's.</param>
    public static UciFigures? Of(string set, UciRecipe recipe)
    {
        if (!Known.TryGetValue(set, out (UciFigures Paper, (double Rmse, double LogLikelihood) Long, (double Rmse, double LogLikelihood) Grid) known))
        {
            return null;
        }

        return recipe switch
        {
            UciRecipe.Long => known.Paper with { Rmse = known.Long.Rmse, LogLikelihood = known.Long.LogLikelihood },
            UciRecipe.Grid => known.Paper with { Rmse = known.Grid.Rmse, LogLikelihood = known.Grid.LogLikelihood, LengthScale = 1e-2 },
            _ => known.Paper,
        };
    }
}
