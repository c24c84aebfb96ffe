using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Every module of a model once, with the path under which it was first found; the model itself has the empty path.</summary>
internal static class ModulePaths
{
    public static List<(string Path, nn.Module Module, int Depth)> Of(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var found = new List<(string, nn.Module, int)>();
        Visit(model, string.Empty, 0, found, new HashSet<nn.Module>(ReferenceEqualityComparer.Instance));
        return found;
    }

    private static void Visit(nn.Module module, string path, int depth, List<(string, nn.Module, int)> found, HashSet<nn.Module> seen)
    {
        if (!seen.Add(module))
        {
            return;
        }

        found.Add((path, module, depth));
        foreach ((string name, nn.Module child) in module.named_children())
        {
            Visit(child, path.Length == 0 ? name : $"{path}.{name}", depth + 1, found, seen);
        }
    }
}
