namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>Every module of the contract suite: one entry a module, all tests by name.</summary>
public static class ModuleCases
{
    private static readonly Dictionary<string, ModuleCase> Cases = new()
    {
        ["Dropout"] = new() { Create = (rate, seed, inplace) => new Dropout(rate, inplace: inplace, seed: seed) },
        ["Dropout with a mask a sequence"] = new()
        {
            Create = (rate, seed, inplace) => new Dropout(rate, maskShape: [0, 1, 0], inplace: inplace, seed: seed),
            ManyDraws = [3200, 2, 3200],
            WrongShapes = [[], [4], [4, 4]],
        },
        ["Dropout with a mask a batch"] = new()
        {
            Create = (rate, seed, inplace) => new Dropout(rate, maskShape: [0], inplace: inplace, seed: seed),
            ManyDraws = [2, 1, 10_000_000],
            WrongShapes = [[]],
            HasRowMasks = false,
        },
        ["Dropout scaled at inference"] = new()
        {
            Create = (rate, seed, inplace) => new Dropout(rate, inplace: inplace, scaling: Scaling.AtInference, seed: seed),
        },
        ["AlphaDropout"] = new() { Create = (rate, seed, inplace) => new AlphaDropout(rate, inplace: inplace, seed: seed), Law = ElementLaw.Affine },
        ["AlphaDropout with a mask a sequence"] = new()
        {
            Create = (rate, seed, inplace) => new AlphaDropout(rate, maskShape: [0, 1, 0], inplace: inplace, seed: seed),
            Law = ElementLaw.Affine,
            ManyDraws = [3200, 2, 3200],
            WrongShapes = [[], [4], [4, 4]],
        },
        ["GaussianDropout"] = new() { Create = (rate, seed, inplace) => new GaussianDropout(rate, inplace, seed), Law = ElementLaw.Factor },
        ["GaussianNoise"] = new()
        {
            Create = (rate, seed, inplace) => new GaussianNoise(inplace: inplace, seed: seed) { DropRate = rate },
            Law = ElementLaw.Summand,
        },
        ["SpatialDropout1d"] = new()
        {
            Create = (rate, seed, inplace) => new SpatialDropout1d(rate, inplace: inplace, seed: seed),
            ManyDraws = [3200, 3200, 1],
            WrongShapes = [[], [4], [4, 4, 4, 4]],
        },
        ["SpatialDropout2d"] = new()
        {
            Create = (rate, seed, inplace) => new SpatialDropout2d(rate, inplace: inplace, seed: seed),
            Shape = [8, 6, 3, 4],
            ManyDraws = [3200, 3200, 1, 1],
            Large = [16, 64, 16, 8],
            WrongShapes = [[], [4, 4], [4, 4, 4, 4, 4]],
        },
        ["SpatialDropout2d, channels last, scaled at inference"] = new()
        {
            Create = (rate, seed, inplace) => new SpatialDropout2d(rate, true, inplace, Scaling.AtInference, seed),
            Shape = [8, 3, 4, 6],
            ManyDraws = [3200, 1, 1, 3200],
            Large = [16, 16, 8, 64],
            WrongShapes = [[], [4, 4], [4, 4, 4, 4, 4]],
        },
        ["SpatialDropout3d"] = new()
        {
            Create = (rate, seed, inplace) => new SpatialDropout3d(rate, inplace: inplace, seed: seed),
            Shape = [8, 6, 3, 2, 4],
            ManyDraws = [3200, 3200, 1, 1, 1],
            Large = [16, 64, 4, 4, 8],
            WrongShapes = [[], [4, 4, 4], [2, 2, 2, 2, 2, 2]],
        },
        ["FeatureAlphaDropout"] = new()
        {
            Create = (rate, seed, inplace) => new FeatureAlphaDropout(rate, inplace: inplace, seed: seed),
            Law = ElementLaw.Affine,
            ManyDraws = [3200, 3200, 1],
            WrongShapes = [[], [4], [2, 2, 2, 2, 2, 2]],
        },
        ["LockedDropout"] = new()
        {
            Create = (rate, seed, inplace) => new LockedDropout(rate, inplace: inplace, seed: seed),
            ManyDraws = [3200, 1, 3200],
            WrongShapes = [[], [4], [4, 4, 4, 4]],
        },
        ["BatchwiseDropout"] = new()
        {
            Create = (rate, seed, inplace) => new BatchwiseDropout(rate, inplace: inplace, seed: seed),
            ManyDraws = [1, 1, 10_000_000],
            WrongShapes = [[], [4]],
            HasRowMasks = false,
        },
        ["DropBlock1d"] = new()
        {
            Create = (rate, seed, inplace) => new DropBlock1d(rate, 3, new DropBlockOptions(Inplace: inplace), seed),
            ManyDraws = [3200, 3200, 1],
            WrongShapes = [[], [4], [4, 4, 4, 4]],
        },
        ["DropBlock2d"] = new()
        {
            Create = (rate, seed, inplace) => new DropBlock2d(rate, 2, new DropBlockOptions(Inplace: inplace), seed),
            Shape = [8, 6, 5, 4],
            ManyDraws = [3200, 3200, 1, 1],
            Large = [16, 64, 16, 8],
            WrongShapes = [[], [4, 4], [4, 4, 4, 4, 4]],
        },
        ["DropBlock2d, one mask for all channels, channels last"] = new()
        {
            Create = (rate, seed, inplace) =>
                new DropBlock2d(rate, 2, new DropBlockOptions(ShareChannels: true, ChannelsLast: true, Inplace: inplace), seed),
            Shape = [8, 5, 4, 6],
            ManyDraws = [10_000_000, 1, 1, 1],
            Large = [16, 16, 8, 64],
            WrongShapes = [[], [4, 4], [4, 4, 4, 4, 4]],
        },
        ["DropBlock2d, one mask for all samples"] = new()
        {
            Create = (rate, seed, inplace) => new DropBlock2d(rate, 2, new DropBlockOptions(ShareSamples: true, Inplace: inplace), seed),
            Shape = [8, 6, 5, 4],
            ManyDraws = [2, 10_000_000, 1, 1],
            Large = [16, 64, 16, 8],
            WrongShapes = [[], [4, 4], [4, 4, 4, 4, 4]],
            HasRowMasks = false,
        },
        ["DropBlock3d"] = new()
        {
            Create = (rate, seed, inplace) => new DropBlock3d(rate, 2, new DropBlockOptions(Inplace: inplace), seed),
            Shape = [8, 6, 3, 2, 4],
            ManyDraws = [3200, 3200, 1, 1, 1],
            Large = [16, 64, 4, 4, 8],
            WrongShapes = [[], [4, 4, 4], [2, 2, 2, 2, 2, 2]],
        },
        ["AttentionDropout"] = new()
        {
            Create = (rate, seed, inplace) => new AttentionDropout(rate, inplace, seed: seed),
            WrongShapes = [[], [4], [2, 2, 2, 2, 2]],
        },
        ["DropBlock2d filled with noise"] = new()
        {
            Create = (rate, seed, inplace) => new DropBlock2d(rate, 2, new DropBlockOptions(Inplace: inplace, FillWithNoise: true), seed),
            Law = ElementLaw.Fill,
            Shape = [8, 6, 5, 4],
            ManyDraws = [3200, 3200, 1, 1],
            Large = [16, 64, 16, 8],
            WrongShapes = [[], [4, 4], [4, 4, 4, 4, 4]],
        },
        ["DropPath"] = new()
        {
            Create = (rate, seed, inplace) => new DropPath(rate, inplace: inplace, seed: seed),
            ManyDraws = [10_000_000, 1],
        },
        ["DropPath without a scale"] = new()
        {
            Create = (rate, seed, inplace) => new DropPath(rate, inplace: inplace, scaling: Scaling.None, seed: seed),
            ManyDraws = [10_000_000, 1],
            KeepsExpectation = false,
        },
    };

    /// <summary>The names of all cases.</summary>
    public static TheoryData<string> All => [.. Cases.Keys];

    /// <summary>The cases with a Bernoulli mask.</summary>
    public static TheoryData<string> Masked => [.. Cases.Where(entry => entry.Value.HasMask).Select(entry => entry.Key)];

    /// <summary>The cases that can work in place.</summary>
    public static TheoryData<string> Inplace => [.. Cases.Where(entry => entry.Value.HasInplace).Select(entry => entry.Key)];

    /// <summary>The cases that refuse some shapes.</summary>
    public static TheoryData<string> Picky => [.. Cases.Where(entry => !entry.Value.TakesAnyRank).Select(entry => entry.Key)];

    /// <summary>The cases whose mask has a row for each row of the input.</summary>
    public static TheoryData<string> ByRow => [.. Cases.Where(entry => entry.Value.HasRowMasks).Select(entry => entry.Key)];

    /// <summary>The case of a name.</summary>
    public static ModuleCase Of(string name) => Cases[name];
}
