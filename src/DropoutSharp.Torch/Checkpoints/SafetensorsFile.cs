using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>What a safetensors file holds, read and checked: tensors by name, and the file's own texts.</summary>
public sealed class SafetensorsFile : IDisposable
{
    internal SafetensorsFile(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata, bool hasChecksum) =>
        (Path, Tensors, Metadata, HasChecksum) = (path, tensors, metadata, hasChecksum);

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    /// <summary>The tensors, on the CPU.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>The file's own texts.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Whether the file had a checksum, which then was right. Files of other programs have none.</summary>
    public bool HasChecksum { get; }

    /// <summary>Disposes the tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
