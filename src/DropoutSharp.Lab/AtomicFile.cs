namespace DropoutSharp.Lab;

/// <summary>Writes files so that a reader finds the old content or the new, never a part.</summary>
internal static class AtomicFile
{
    /// <summary>Writes to a temporary name beside the path, flushes to the disk, renames.</summary>
    /// <param name="path">The file; replaced where it exists.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
