using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The element types of the safetensors format and libtorch's names for them.</summary>
internal static class SafetensorsType
{
    private static readonly (string Name, ScalarType Type, int Size)[] All =
    [
        ("BOOL", ScalarType.Bool, 1), ("U8", ScalarType.Byte, 1), ("I8", ScalarType.Int8, 1), ("I16", ScalarType.Int16, 2), ("I32", ScalarType.Int32, 4),
        ("I64", ScalarType.Int64, 8), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2), ("F32", ScalarType.Float32, 4),
        ("F64", ScalarType.Float64, 8),
    ];

    /// <summary>The names that can be read and written.</summary>
    public static string Names => string.Join(", ", All.Select(type => type.Name));

    /// <summary>The type that a file names; null where it is unknown or libtorch has none.</summary>
    public static (ScalarType Type, int Size)? Find(string name) =>
        All.FirstOrDefault(type => type.Name == name) is { Name: not null } found ? (found.Type, found.Size) : null;

    /// <summary>A type's name in a file; null where the format has none.</summary>
    public static (string Name, int Size)? Find(ScalarType type) =>
        All.FirstOrDefault(entry => entry.Type == type && entry.Name is not null) is { Name: not null } found ? (found.Name, found.Size) : null;
}
