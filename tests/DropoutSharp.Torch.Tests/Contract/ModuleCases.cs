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
        ["AlphaDropout"] = new() { Create = (rate, seed, inplace) => new AlphaDropout(rate, inplace, seed), Law = ElementLaw.Affine },
        ["GaussianDropout"] = new() { Create = (rate, seed, inplace) => new GaussianDropout(rate, inplace, seed), Law = ElementLaw.Factor },
        ["GaussianNoise"] = new()
        {
            Create = (rate, seed, inplace) => new GaussianNoise(inplace: inplace, seed: seed) { DropRate = rate },
            Law = ElementLaw.Summand,
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
