using System.Globalization;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Comparison;

/// <summary>What is compared and how.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The variants' identifiers in <see cref="VariantCatalog"/>; null for every one that suits the network and is tried by default, "all" for every one that suits it. "none" is always among them.</summary>
    public IReadOnlyList<string>? Variants { get; init; }

    /// <summary>The drop rates to try, each in (0, 1); null for each variant's own.</summary>
    public IReadOnlyList<double>? Rates { get; init; }

    /// <summary>One training of every candidate a seed. A seed decides the first weights, the order of the rows and the masks.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [1, 2, 3, 4, 5];

    /// <summary>The network.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Passes of the Monte-Carlo mean; at least 1.</summary>
    public int MonteCarloPasses { get; init; } = 50;

    /// <summary>The confidence level of every interval and of the verdict, in (0, 1).</summary>
    public double ConfidenceLevel { get; init; } = 0.95;

    /// <summary>The score that chooses and judges, such as <c>nll</c>, <c>accuracy</c> or <c>mc_nll</c>; null for <c>nll</c>.</summary>
    public string? RankedBy { get; init; }

    /// <summary>How many of the held-out rows about which the best model is least sure are shown; at least 0.</summary>
    public int UnsureExamples { get; init; } = 12;

    /// <summary>Trainings that run at the same time; null for the processors divided by the threads of one training. Results do not depend on it.</summary>
    public int? Workers { get; init; }

    /// <summary>Checks every option that can be checked without the data.</summary>
    /// <exception cref="UserErrorException">An option is out of its range; the message names it, its range and what was received.</exception>
    public void Check()
    {
        Network.Check();
        Training.Check();
        foreach (string variant in (Variants ?? []).Where(static id => !VariantCatalog.IsAll(id)))
        {
            VariantCatalog.Find(variant);
        }

        foreach (double rate in Rates ?? [])
        {
            Require(rate is > 0 and < 1, "Drop rates to compare must be in (0, 1)", rate);
        }

        Require(Rates is null || Rates.Count > 0, "Rates to compare must be at least 1", 0);
        Require(Seeds.Count >= 1, "Seeds must be at least 1", Seeds.Count);
        Require(Seeds.Distinct().Count() == Seeds.Count, "Different seeds must be as many as seeds", Seeds.Distinct().Count());
        Require(MonteCarloPasses >= 1, "Monte-Carlo passes must be at least 1", MonteCarloPasses);
        Require(ConfidenceLevel is > 0 and < 1, "Confidence level must be in (0, 1)", ConfidenceLevel);
        Require(UnsureExamples >= 0, "Unsure examples must be at least 0", UnsureExamples);
        Require(Workers is null or >= 1, "Workers must be at least 1", Workers ?? 1);
    }

    /// <summary>The same options with nothing left open: the network, epochs, variants and score that suit the data.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="UserErrorException">An option is out of its range, or does not fit the data.</exception>
    public ComparisonOptions ResolveFor(PreparedData data)
    {
        Check();
        ComparisonOptions resolved = this with
        {
            Network = NetworkCatalog.Resolve(Network, data.Train.Shape),
            Training = Training.ResolveFor(data.Train.Count, data.IsImage),
            RankedBy = Scoring.Parse(RankedBy ?? ScoreNames.NegativeLogLikelihood, data.Task).Score,
        };
        return resolved with { Variants = [.. Candidate.All(resolved).Select(candidate => candidate.Variant.Id).Distinct()] };
    }

    private static void Require(bool holds, string rule, double received)
    {
        if (!holds)
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"{rule}; received {received}."));
        }
    }
}
