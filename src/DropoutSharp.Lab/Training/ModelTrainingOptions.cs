using System.Globalization;
using DropoutSharp.Lab.Networks;

namespace DropoutSharp.Lab.Training;

/// <summary>Which single model is trained, and how.</summary>
public sealed record ModelTrainingOptions
{
    /// <summary>The variant's identifier in <see cref="VariantCatalog"/>.</summary>
    public string Variant { get; init; } = "dropout";

    /// <summary>The drop rate, in [0, 1); unused for "none".</summary>
    public double DropRate { get; init; } = 0.5;

    /// <summary>Decides the first weights, the order of the rows and the masks.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The network.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Passes of the Monte-Carlo mean by which it is judged; at least 1.</summary>
    public int MonteCarloPasses { get; init; } = 50;

    /// <summary>Checks every option that can be checked without the data.</summary>
    /// <exception cref="UserErrorException">An option is out of its range; the message names it, its range and what was received.</exception>
    public void Check()
    {
        Network.Check();
        Training.Check();
        VariantCatalog.Find(Variant);
        if (!(DropRate is >= 0 and < 1))
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"Drop rate must be in [0, 1); received {DropRate}."));
        }

        if (MonteCarloPasses < 1)
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"Monte-Carlo passes must be at least 1; received {MonteCarloPasses}."));
        }
    }
}
