using System.Globalization;

namespace DropoutSharp.Lab.Prediction;

/// <summary>How rows are predicted.</summary>
public sealed record PredictorOptions
{
    /// <summary>Passes of the Monte-Carlo mean; at least 1. A network without dropout needs one alone.</summary>
    public int Passes { get; init; } = 50;

    /// <summary>The probability with which an interval is to hold the target, or a set of classes the true one; in (0, 1).</summary>
    public double Level { get; init; } = 0.9;

    /// <summary>Decides the masks.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="UserErrorException">An option is out of its range; the message names it, its range and what was received.</exception>
    public void Check()
    {
        if (Passes < 1)
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"Monte-Carlo passes must be at least 1; received {Passes}."));
        }

        if (!(Level is > 0 and < 1))
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"Interval level must be in (0, 1); received {Level}."));
        }
    }
}
