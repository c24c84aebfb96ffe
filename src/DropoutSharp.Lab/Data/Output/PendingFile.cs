namespace DropoutSharp.Lab.Data;

/// <summary>A file that is written under a temporary name until it is whole.</summary>
internal sealed class PendingFile : IDisposable
{
    private readonly string _temporary;
    private FileStream? _stream;

    public PendingFile(string path)
    {
        Path = path;
        _temporary = $"{path}.{Environment.ProcessId}.tmp";
    }

    /// <summary>The name of the whole file.</summary>
    public string Path { get; }

    /// <summary>The name until then.</summary>
    public string TemporaryPath => _temporary;

    /// <summary>Opens the file to write it.</summary>
    /// <exception cref="UserErrorException">It cannot be written.</exception>
    public FileStream Open() => Guard(() => _stream = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16));

    /// <summary>Makes sure that the file can be written, for somebody else to write it under its temporary name.</summary>
    /// <exception cref="UserErrorException">It cannot be written.</exception>
    public void Reserve()
    {
        Open().Dispose();
        _stream = null;
    }

    /// <summary>Flushes the file to the disk and gives it its name.</summary>
    /// <exception cref="UserErrorException">It cannot be written.</exception>
    public void Complete() => Guard(() =>
    {
        _stream ??= new FileStream(_temporary, FileMode.Open, FileAccess.ReadWrite);
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_temporary, Path, overwrite: true);
        return true;
    });

    /// <summary>Removes what is not complete.</summary>
    public void Dispose()
    {
        _stream?.Dispose();
        if (File.Exists(_temporary))
        {
            File.Delete(_temporary);
        }
    }

    private T Guard<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new UserErrorException($"'{Path}' must be a file that can be written; there is no such folder.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{Path}' must be a file that can be written; {exception.Message.Split('\n')[0].TrimEnd('.')}.", exception);
        }
    }
}
