namespace DropoutSharp.Torch;

/// <summary>What runs here: versions, processor, threads, and how libtorch was loaded or why it was not.</summary>
public sealed record RuntimeReport
{
    /// <summary>The version of DropoutSharp.</summary>
    public required string DropoutSharpVersion { get; init; }

    /// <summary>The version of TorchSharp.</summary>
    public required string TorchSharpVersion { get; init; }

    /// <summary>The version of libtorch that this TorchSharp is built for.</summary>
    public required string LibtorchVersion { get; init; }

    /// <summary>The .NET runtime, such as <c>.NET 10.0.1</c>.</summary>
    public required string DotNetVersion { get; init; }

    /// <summary>The operating system and its version.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The C library and its version where that matters (Linux), such as <c>glibc 2.36</c>; otherwise null.</summary>
    public string? CLibrary { get; init; }

    /// <summary>The process's architecture, such as <c>X64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>How many logical processors this process may use.</summary>
    public required int Processors { get; init; }

    /// <summary>The width in bits of the vectors that the kernels work with: 128, 256, 512, or 0 where they are scalar.</summary>
    public required int VectorBits { get; init; }

    /// <summary>How many threads libtorch and the kernels use, or null where libtorch is not loaded.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether libtorch sees a CUDA device, or null where libtorch is not loaded.</summary>
    public bool? HasCuda { get; init; }

    /// <summary>What it took to load TorchSharp's native library.</summary>
    public required LoaderHelp Loader { get; init; }

    /// <summary>The file that was loaded, or null.</summary>
    public string? LoadedFile { get; init; }

    /// <summary>One sentence for each thing that is missing or wrong; empty where there is none.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Whether nothing is missing or wrong.</summary>
    public bool IsReady => Problems.Count == 0;
}
