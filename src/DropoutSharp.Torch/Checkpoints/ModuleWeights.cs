using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A module's parameters and buffers as a safetensors file.</summary>
public static class ModuleWeights
{
    /// <summary>Writes everything in a module's <c>state_dict</c>: parameters, buffers, the positions of its dropout sites.</summary>
    /// <param name="path">The file; one that is there is replaced, at the end.</param>
    /// <param name="module">Any module.</param>
    /// <param name="metadata">Texts to keep with it.</param>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    public static void Save(string path, nn.Module module, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        Safetensors.Save(path, module.state_dict().Select(entry => (entry.Key, entry.Value)), metadata);
    }

    /// <summary>Reads a file into a module. Everything is checked before the first tensor of the module changes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="module">A module with the same names and shapes.</param>
    /// <param name="strict">Whether the names must be the same; otherwise only those that both have are read.</param>
    /// <param name="requireChecksum">Whether a file without a checksum is refused, as those of other programs are.</param>
    /// <returns>The file's own texts.</returns>
    /// <exception cref="CheckpointException">The file is damaged, or its names or shapes are not the module's.</exception>
    /// <remarks>Values are converted to the module's element types and brought to its device.</remarks>
    public static IReadOnlyDictionary<string, string> Load(string path, nn.Module module, bool strict = true, bool requireChecksum = false)
    {
        ArgumentNullException.ThrowIfNull(module);
        using SafetensorsFile file = Safetensors.Load(path, requireChecksum);
        Dictionary<string, Tensor> state = module.state_dict();
        if (strict && state.Keys.FirstOrDefault(name => !file.Tensors.ContainsKey(name)) is string missing)
        {
            throw new CheckpointException(path, $"has no tensor \"{missing}\", which the module needs");
        }

        if (strict && file.Tensors.Keys.FirstOrDefault(name => !state.ContainsKey(name)) is string unknown)
        {
            throw new CheckpointException(path, $"has a tensor \"{unknown}\", which the module lacks");
        }

        (Tensor From, Tensor To)[] pairs = [.. file.Tensors.Where(entry => state.ContainsKey(entry.Key)).Select(entry =>
            TensorMemory.Shape(entry.Value).AsSpan().SequenceEqual(state[entry.Key].shape)
                ? (entry.Value, state[entry.Key])
                : throw new CheckpointException(
                    path,
                    $"has tensor \"{entry.Key}\" of shape [{string.Join(", ", TensorMemory.Shape(entry.Value))}]; the module's is [{string.Join(", ", state[entry.Key].shape)}]"))];
        using (no_grad())
        {
            foreach ((Tensor from, Tensor to) in pairs)
            {
                to.copy_(from);
            }
        }

        return file.Metadata;
    }
}
