using System.Globalization;

namespace DropoutSharp.Lab.Prediction;

/// <summary>How rows are predicted.</summary>
public sealed record PredictorOptions
{
    /// <summary>Passes where neither the options nor the model's calibration say how many.</summary>
    public const int DefaultPasses = 50;

    /// <summary>The level of a number's interval where none is asked for.</summary>
    public const double DefaultLevel = 0.9;

    /// <summary>
    /// Passes of the Monte-Carlo mean; at least 1. Null for as many as the model was calibrated with, or <see cref="DefaultPasses"/>. A network without dropout
    /// needs one alone.
    /// </summary>
    public int? Passes { get; init; }

    /// <summary>
    /// The probability with which an interval is to hold the target, or a set of classes the true one; in (0, 1). Null for <see cref="DefaultLevel"/> where the target is a
    /// number and the model's calibration reaches it, and for none otherwise.
    /// </summary>
    public double? Level { get; init; }

    /// <summary>The share of rows, the most unsure ones, to leave out at most on average; in (0, 1). Null to answer all.</summary>
    public double? AbstainedShare { get; init; }

    /// <summary>Whether rows are left out whose set is not of a single class.</summary>
    public bool AbstainsUnlessSingle { get; init; }

    /// <summary>Decides the masks, and the random part of sets.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="UserErrorException">An option is out of its range; the message names it, its range and what was received.</exception>
    public void Check()
    {
        if (Passes < 1)
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"Monte-Carlo passes must be at least 1; received {Passes}."));
        }

        CheckShare("Interval level", Level);
        CheckShare("Share of rows to abstain from", AbstainedShare);
    }

    private static void CheckShare(string what, double? value)
    {
        if (value is not (null or (> 0 and < 1)))
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"{what} must be in (0, 1); received {value}."));
        }
    }
}
