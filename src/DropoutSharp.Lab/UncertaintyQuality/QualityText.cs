using System.Globalization;

namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>What was found about a model's uncertainty, in words.</summary>
public static class QualityText
{
    /// <summary>The answer in a few sentences.</summary>
    /// <param name="result">What was found.</param>
    public static string Answer(QualityResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string coverage = result.Coverage.FirstOrDefault(level => level is { Level: 0.9, Conformal: not null }) is { } ninety
            ? $" Of its own 90 % {(result.Task == "classification" ? "sets" : "intervals")} {Percent(ninety.Own)} hold the truth, of conformal ones {Percent(ninety.Conformal!.Value)}{Chance(ninety)}."
            : "";
        string foreign = result.Foreign.MaxBy(found => found.Auroc) is { } best
            ? $" {Score(best.Uncertainty)} tells rows of {result.ForeignData} apart best, with an AUROC of {Number(best.Auroc)}."
            : "";
        return $"{Pays(result)} {Calibration(result)}{coverage}{foreign}";
    }

    /// <summary>Whether Monte-Carlo dropout is better calibrated, in a sentence.</summary>
    /// <param name="result">What was found.</param>
    public static string Calibration(QualityResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        double plain = result.Plain["ece"], sampled = result.MonteCarlo["ece"];
        string calibration = sampled < plain ? "better calibrated than" : sampled > plain ? "worse calibrated than" : "as well calibrated as";
        return $"The Monte-Carlo mean is {calibration} weight scaling: its calibration error is {Percent(sampled)} instead of {Percent(plain)}.";
    }

    /// <summary>By how much the coverage of conformal prediction may be off on so few rows, as <c> ± 5.1 %</c>; nothing where it was not measured.</summary>
    /// <param name="level">A level.</param>
    public static string Chance(LevelCoverage level)
    {
        ArgumentNullException.ThrowIfNull(level);
        return level.Chance is { } chance ? $" ± {Percent(chance)}" : "";
    }

    /// <summary>For how many passes Monte-Carlo dropout pays, in a sentence.</summary>
    /// <param name="result">What was found.</param>
    public static string Pays(QualityResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.PaysFrom is { } passes
            ? string.Create(CultureInfo.InvariantCulture, $"Monte-Carlo dropout has the better log-likelihood from {passes} {(passes == 1 ? "pass" : "passes")} on.")
            : string.Create(CultureInfo.InvariantCulture, $"Up to {result.Passes} passes Monte-Carlo dropout does not reach the log-likelihood of weight scaling.");
    }

    /// <summary>A score's name for people.</summary>
    /// <param name="name">Its name in JSON.</param>
    public static string Score(string name) => name switch
    {
        "accuracy" => "Accuracy",
        "nll" => "Negative log-likelihood",
        "brier" => "Brier score",
        "ece" => "Expected calibration error",
        "ece_mass" => "Expected calibration error, bins of equal mass",
        "mce" => "Maximum calibration error",
        "aurc" => "Area under the risk-coverage curve",
        "rmse" => "RMSE",
        "mae" => "Mean absolute error",
        "crps" => "CRPS",
        "entropy_of_weight_scaling" => "Entropy of weight scaling",
        "predictive_entropy" => "Predictive entropy",
        "mutual_information" => "Mutual information",
        "variation_ratio" => "Variation ratio",
        "epistemic_deviation" => "Epistemic standard deviation",
        _ => name,
    };

    /// <summary>What the size of a set or interval is called.</summary>
    /// <param name="result">What was found.</param>
    public static string Size(QualityResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Task == "classification" ? "classes" : "width";
    }

    /// <summary>A number of four digits.</summary>
    /// <param name="value">The number.</param>
    public static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage.</summary>
    /// <param name="share">In [0, 1].</param>
    public static string Percent(double share) => (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
