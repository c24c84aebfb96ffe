namespace DropoutSharp.Lab.Data;

/// <summary>How a file is compressed.</summary>
internal enum Compression
{
    None,
    Gzip,
    Zstd,
}
