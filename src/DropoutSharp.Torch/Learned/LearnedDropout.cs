using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>All learned dropout of a model together.</summary>
public static class LearnedDropout
{
    /// <summary>Every module that learns its dropout once, with its path.</summary>
    /// <param name="model">Any model; a learning module itself too, whose path is then empty.</param>
    public static IReadOnlyList<(string Path, ILearnedDropout Module)> Of(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        HashSet<nn.Module> seen = new(ReferenceEqualityComparer.Instance);
        List<(string, ILearnedDropout)> found = [];
        foreach ((string path, nn.Module module) in model.named_modules().Prepend(("", model)))
        {
            if (module is ILearnedDropout learned && seen.Add(module))
            {
                found.Add((path, learned));
            }
        }

        return found;
    }

    /// <summary>What was learned: the path and drop rate of each site, such as for a picture of rates over epochs.</summary>
    /// <param name="model">Any model.</param>
    public static IReadOnlyList<(string Path, double DropRate)> Rates(nn.Module model) =>
        [.. Of(model).Select(found => (found.Path, found.Module.LearnedRate))];

    /// <summary>Turns every concrete dropout of a model into plain dropout at the rate that it learned.</summary>
    /// <param name="model">Any model.</param>
    /// <returns>How many were frozen; 0 says that nothing was changed.</returns>
    public static int Freeze(nn.Module model)
    {
        int frozen = 0;
        foreach ((string _, ILearnedDropout module) in Of(model))
        {
            if (module is ConcreteDropout { IsFrozen: false } concrete)
            {
                concrete.Freeze();
                frozen++;
            }
        }

        return frozen;
    }
}
