using DropoutSharp.Lab.Comparison;

namespace DropoutSharp.Lab.Tests.Reports;

/// <summary>Comparisons of every kind that a report must be able to show, from made-up but plausible figures.</summary>
internal static class SyntheticComparisons
{
    /// <summary>Text that would be markup if it were not escaped.</summary>
    public const string Hostile = "</style><script>alert(1)</script>\"'&<b>";

    private static readonly (string Id, string Name)[] Variants =
    [
        ("dropout", "Dropout"), ("gaussian", "GaussianDropout"), ("alpha", "AlphaDropout"), ("batchwise", "BatchwiseDropout"),
        ("dropconnect", "DropConnect"), ("dropblock", "DropBlock2d"), ("spatial", "SpatialDropout2d"),
    ];

    /// <summary>Every comparison by a name.</summary>
    public static IEnumerable<(string Name, ComparisonResult Result)> All()
    {
        yield return ("classification", Classification());
        yield return ("regression", Regression());
        yield return ("incomplete", Classification() with
        {
            Complete = false,
            Verdict = null,
            UnsureExamples = [],
            Candidates = [.. Classification().Candidates.Take(3), .. Classification().Candidates.Skip(3).Select(static each => each with
            {
                Trials = [], Scores = new Dictionary<string, ScoreSummary>(), AgainstNone = null,
            })],
        });
        yield return ("nothing-trained", Classification() with
        {
            Complete = false,
            Verdict = null,
            UnsureExamples = [],
            Candidates = [.. Classification().Candidates.Select(static each => each with
            {
                Trials = [], Scores = new Dictionary<string, ScoreSummary>(), AgainstNone = null,
            })],
        });
        yield return ("single-seed", Classification(seeds: 1));
        yield return ("only-none", Classification() with
        {
            Candidates = [Classification().Candidates[0]],
            Verdict = new("Use no dropout: nothing else was compared.", "none", 0, false),
        });
        yield return ("one-rate", Classification(variants: 1, rates: [0.5]));
        yield return ("many-variants", Classification(variants: 7));
        yield return ("many-variants-of-one-rate", Classification(variants: 7, rates: [0.5]));
        yield return ("many-classes", Classification(classes: 1000));
        yield return ("nothing-helped", Classification() with
        {
            Verdict = new("Use no dropout: no variant was better beyond doubt; the nearest was Dropout at rate 0.2.", "none", 0, false),
        });
        yield return ("learned", WithLearnedRates(Classification(variants: 1)));
        yield return ("hostile", Hostilely(Regression()));
        yield return ("not-finite", NotFinite());
    }

    /// <summary>Ten classes of small images.</summary>
    public static ComparisonResult Classification(int seeds = 5, int variants = 3, double[]? rates = null, int classes = 10)
    {
        Random random = new(7);
        rates ??= [0.1, 0.2, 0.3, 0.5];
        List<CandidateResult> candidates = [Candidate("none", "none", 0, 0.215, 0.942)];
        foreach ((int index, (string id, string name)) in Variants.Take(variants).Index())
        {
            foreach (double rate in rates)
            {
                double gain = 0.06 * (1 - (Math.Pow((rate - 0.3 - (0.05 * index)) / 0.3, 2) * 0.8)) / (1 + (0.3 * index));
                candidates.Add(Candidate(id, name, rate, 0.215 - gain, 0.942 + (gain / 5)));
            }
        }

        return new()
        {
            Data = new(
                "digits", "classification", "digit", [.. Enumerable.Range(0, classes).Select(static i => i < 10 ? $"{i}" : $"class {i}")],
                1078, 269, 450, [1, 8, 8], ["1,797 images of 8×8 pixels.", "Pixel values were divided by 16."]),
            Network = new("mlp", "64 → 256 → 256 → 10", 85_002, "relu"),
            Candidates = candidates,
            Verdict = new(
                "Use Dropout at rate 0.3: held-out NLL falls from 0.215 to 0.155 (−28 %), and at 95 % confidence that is no accident of the five seeds.",
                "dropout", rates.Contains(0.3) ? 0.3 : rates[^1], true),
            UnsureExamples = [.. Enumerable.Range(0, 12).Select(Image)],
            Complete = true,
            Seconds = 143.7,
            ConfidenceLevel = 0.95,
            RankedBy = "nll",
            Configuration =
            [
                new("Optimizer", "AdamW, learning rate 0.001, weight decay 0.01"), new("Batch size", "128"), new("Epochs", "at most 60"),
                new("Monte-Carlo passes", "50"), new("Threads", "2"), new("Seed", "0"),
            ],
        };

        CandidateResult Candidate(string id, string name, double rate, double nll, double accuracy)
        {
            Dictionary<string, double> means = new()
            {
                ["accuracy"] = accuracy,
                ["nll"] = nll,
                ["brier"] = nll / 2.5,
                ["ece"] = 0.031 * nll / 0.215,
                ["validation_nll"] = nll * 1.02,
            };
            if (id != "none")
            {
                means["mc_accuracy"] = accuracy - 0.001;
                means["mc_nll"] = nll * 0.9;
                means["mc_brier"] = nll / 2.6;
                means["mc_ece"] = 0.018 * nll / 0.215;
            }

            TrialResult[] trials = [.. Enumerable.Range(0, seeds).Select(seed => new TrialResult
            {
                Seed = (ulong)seed,
                Seconds = 1.8 + random.NextDouble(),
                BestEpoch = id == "none" ? 9 + seed : 24 + seed,
                Epochs = [.. Enumerable.Range(1, (id == "none" ? 19 : 34) + seed).Select(epoch => new EpochMetrics(
                    epoch,
                    (2.2 * Math.Exp(-epoch / 4.0)) + (id == "none" ? 0.002 : 0.09) + (0.01 * random.NextDouble()),
                    (2.1 * Math.Exp(-epoch / 4.0)) + (nll * 0.9) + (id == "none" ? 0.003 * epoch : 0) + (0.02 * random.NextDouble()),
                    accuracy - (0.5 * Math.Exp(-epoch / 4.0)),
                    0.001 * (1 - (epoch / 60.0))))],
                Scores = means.ToDictionary(static pair => pair.Key, pair => pair.Value * (1 + (0.06 * (random.NextDouble() - 0.5)))),
                Reliability = Bins(id == "none" ? 0.12 : 0.06),
                MonteCarloReliability = id == "none" ? [] : Bins(0.02),
            })];
            return new()
            {
                Variant = id,
                Name = name,
                DropRate = rate,
                IsChosenRate = id == "none" || rate == 0.3,
                Trials = trials,
                Scores = means.ToDictionary(static pair => pair.Key, pair => Summary(pair.Value, seeds, 0.03)),
                TrainingSeconds = Summary(id == "none" ? 1.7 : 2.6, seeds, 0.1),
                AgainstNone = id == "none" || seeds < 2 ? null
                    : new("nll", nll - 0.215, nll - 0.215 - 0.01, nll - 0.215 + 0.01, 0.001, nll < 0.19 ? 0.004 : nll > 0.215 ? 0.03 : 0.41),
            };
        }

        ReliabilityBin[] Bins(double gap) => [.. Enumerable.Range(2, 8).Select(i =>
        {
            double stated = (i + 0.5) / 10;
            return new ReliabilityBin(stated, Math.Clamp(stated - (gap * (1.2 - stated) * 2) + (0.06 * (random.NextDouble() - 0.5)), 0, 1), i == 9 ? 380 : 4 + (3 * i));
        })];
    }

    /// <summary>The last candidate learns the rates of two sites.</summary>
    private static ComparisonResult WithLearnedRates(ComparisonResult result)
    {
        CandidateResult last = result.Candidates[^1];
        return result with
        {
            Candidates =
            [
                .. result.Candidates.SkipLast(1),
                last with
                {
                    Name = "Concrete dropout",
                    LearnedRates = [new("dense1", new(0.05, 0.04, 0.06, 5)), new("dense2", new(0.31, 0.3, 0.32, 5))],
                    Trials = [.. last.Trials.Select(static trial => trial with
                    {
                        LearnedRates = [new("dense1", 0.05), new("dense2", 0.31)],
                        Epochs = [.. trial.Epochs.Select(static epoch => epoch with { LearnedRates = [0.05 + (0.05 / epoch.Epoch), 0.31 - (0.2 / epoch.Epoch)] })],
                    })],
                },
            ],
        };
    }

    /// <summary>A table with a number as target.</summary>
    public static ComparisonResult Regression()
    {
        Random random = new(11);
        ComparisonResult shape = Classification(variants: 2);
        return shape with
        {
            Data = new("concrete.csv", "regression", "strength", [], 659, 165, 206, [8], ["Column “batch” was dropped: every row has the same value."]),
            Network = new("mlp", "8 → 100 → 100 → 2", 11_302, "relu"),
            Verdict = new("Use GaussianDropout at rate 0.1: held-out NLL falls from 3.11 to 2.94 (95 % interval of the difference −0.21 to −0.13, corrected p = 0.004); RMSE 5.16 → 4.67. With the mean of Monte-Carlo passes it is 2.91.", "gaussian", 0.1, true),
            UnsureExamples = [.. Enumerable.Range(0, 8).Select(i => new UnsureExample
            {
                Row = 17 * i, Truth = $"{30 + i}.2", Prediction = $"{41 - i}.7", Confidence = double.NaN, Epistemic = 3.1 - (0.2 * i), Aleatoric = 4.2,
                Fields = [.. Enumerable.Range(0, 11).Select(column => new KeyValuePair<string, string>($"column {column}", $"{random.Next(500)}.{i}"))],
            })],
            Candidates = [.. shape.Candidates.Select(candidate => candidate with
            {
                Scores = candidate.Scores.Where(static pair => pair.Key.EndsWith("nll", StringComparison.Ordinal))
                    .SelectMany(static pair => new[]
                    {
                        KeyValuePair.Create(pair.Key, pair.Value with { Mean = pair.Value.Mean + 2.9, Low = pair.Value.Low + 2.9, High = pair.Value.High + 2.9 }),
                        KeyValuePair.Create(pair.Key.Replace("nll", "rmse", StringComparison.Ordinal), pair.Value with { Mean = pair.Value.Mean * 24, Low = pair.Value.Low * 24, High = pair.Value.High * 24 }),
                        KeyValuePair.Create(pair.Key.Replace("nll", "crps", StringComparison.Ordinal), pair.Value with { Mean = pair.Value.Mean * 12, Low = pair.Value.Low * 12, High = pair.Value.High * 12 }),
                        KeyValuePair.Create(pair.Key.Replace("nll", "ece", StringComparison.Ordinal), pair.Value with { Mean = pair.Value.Mean / 4, Low = pair.Value.Low / 4, High = pair.Value.High / 4 }),
                    }).ToDictionary(),
                Trials = [.. candidate.Trials.Select(trial => trial with
                {
                    Reliability = Coverage(0.1), MonteCarloReliability = candidate.Variant == "none" ? [] : Coverage(0.02),
                    Epochs = [.. trial.Epochs.Select(static epoch => epoch with { TrainLoss = epoch.TrainLoss - 0.4, ValidationLoss = epoch.ValidationLoss - 0.5 })],
                })],
            })],
        };

        static ReliabilityBin[] Coverage(double gap) => [.. Enumerable.Range(1, 9).Select(i => new ReliabilityBin(i / 10.0, Math.Max(0, (i / 10.0) - gap), 206))];
    }

    private static ComparisonResult Hostilely(ComparisonResult result) => result with
    {
        Data = result.Data with { Name = Hostile, Target = Hostile, Notes = [Hostile], Classes = [Hostile] },
        Network = result.Network with { Description = Hostile, Kind = Hostile, Activation = Hostile },
        Verdict = result.Verdict! with { Sentence = Hostile },
        Candidates = [.. result.Candidates.Select(static each => each with { Name = Hostile })],
        UnsureExamples = [.. result.UnsureExamples.Select(static each => each with
        {
            Truth = Hostile, Prediction = Hostile, Fields = [new(Hostile, Hostile), new("nul\0 \ud800 ]]>", "\u0001")],
        })],
        Configuration = [new(Hostile, Hostile)],
    };

    private static ComparisonResult NotFinite()
    {
        ComparisonResult result = Classification();
        CandidateResult broken = result.Candidates[1] with
        {
            Scores = result.Candidates[1].Scores.ToDictionary(static pair => pair.Key, static pair => new ScoreSummary(double.NaN, double.NaN, double.PositiveInfinity, 5)),
            AgainstNone = new("nll", double.NaN, double.NaN, double.NaN, double.NaN, double.NaN),
            Trials = [.. result.Candidates[1].Trials.Select(static trial => trial with
            {
                Epochs = [.. trial.Epochs.Select(static epoch => epoch with { TrainLoss = double.NaN, ValidationLoss = double.PositiveInfinity })],
                Reliability = [new(double.NaN, double.NaN, 3)],
            })],
        };
        return result with { Candidates = [result.Candidates[0], broken, .. result.Candidates.Skip(2)] };
    }

    private static ScoreSummary Summary(double mean, int seeds, double relative) =>
        seeds == 1 ? new(mean, mean, mean, 1) : new(mean, mean * (1 - relative), mean * (1 + relative), seeds);

    private static UnsureExample Image(int index)
    {
        Random random = new(index);
        float[] pixels = new float[64];
        for (int i = 0; i < 64; i++)
        {
            double distance = Math.Abs(Math.Sqrt(Math.Pow((i % 8) - 3.5, 2) + Math.Pow((i / 8) - 3.5, 2)) - 2.2 - (0.1 * index));
            pixels[i] = (float)Math.Clamp(1.2 - (0.8 * distance) + (0.2 * random.NextDouble()), 0, 1);
        }

        return new()
        {
            Row = 31 * index,
            Truth = $"{index % 10}",
            Prediction = $"{(index % 3 == 0 ? index : index + 5) % 10}",
            Confidence = 0.31 + (0.03 * index),
            Epistemic = 0.61 - (0.03 * index),
            Aleatoric = 0.9 - (0.02 * index),
            Pixels = pixels,
            PixelShape = [1, 8, 8],
        };
    }
}
