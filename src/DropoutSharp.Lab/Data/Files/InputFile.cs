using System.Text;

namespace DropoutSharp.Lab.Data;

/// <summary>Opens files that a user named.</summary>
internal static class InputFile
{
    /// <summary>Opens a file to read it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UserErrorException">It does not exist, or cannot be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"'{path}' must be a file; there is none.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{path}' must be readable; {exception.Message.Split('\n')[0].TrimEnd('.')}.", exception);
        }
    }

    /// <summary>How a file is compressed, by its first bytes.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UserErrorException">It is empty, or its name promises a compression that it does not have.</exception>
    public static Compression FindCompression(string path)
    {
        using FileStream file = Open(path);
        Span<byte> head = stackalloc byte[4];
        int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read == 0)
        {
            throw new UserErrorException($"'{path}' must hold rows; it is empty.");
        }

        Compression compression = head[..read] switch
        {
            [0x1F, 0x8B, ..] => Compression.Gzip,
            [0x28, 0xB5, 0x2F, 0xFD] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18] => Compression.Zstd,
            _ => Compression.None,
        };
        Compression promised = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".gz" => Compression.Gzip,
            ".zst" or ".zstd" => Compression.Zstd,
            _ => compression,
        };
        return compression == promised
            ? compression
            : throw new UserErrorException($"'{path}' must be a {promised.ToString().ToLowerInvariant()} file, as its name says; it does not start as one.");
    }

    /// <summary>Reads the lines of a file of text in UTF-8, which is not compressed or with gzip.</summary>
    /// <param name="path">The file.</param>
    /// <param name="compression">How it is compressed.</param>
    public static IEnumerable<string> ReadLines(string path, Compression compression)
    {
        using FileStream file = Open(path);
        using Stream content = compression == Compression.Gzip ? new GzipStreamReader(file) : file;
        using StreamReader reader = new(content, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Checks that a compressed file is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="compression">How it is compressed.</param>
    /// <exception cref="UserErrorException">It is damaged or ends early.</exception>
    public static void CheckWhole(string path, Compression compression)
    {
        if (compression == Compression.None)
        {
            return;
        }

        using FileStream file = Open(path);
        try
        {
            if (compression == Compression.Zstd)
            {
                ZstdFrames.Check(file);
                return;
            }

            using GzipStreamReader gzip = new(file);
            gzip.Drain();
        }
        catch (InvalidDataException exception)
        {
            throw new UserErrorException(
                $"'{path}' must be a whole {compression.ToString().ToLowerInvariant()} file; it is damaged or ends early.", exception);
        }
    }
}
