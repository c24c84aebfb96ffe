namespace DropoutSharp.Lab.Data;

/// <summary>Reads data sets: tables, folders of IDX images, or the embedded digits.</summary>
public static class DatasetReader
{
    /// <summary>Reads a data set whole.</summary>
    /// <param name="path">
    /// A CSV, TSV, JSON, JSON lines or Parquet file, compressed with gzip or zstd or not; a glob of such files; a folder of IDX files, or one
    /// file of IDX images; null, or <c>digits</c> where nothing has that name, for the embedded digits.
    /// </param>
    /// <param name="options">Columns to leave out, and columns that hold categories.</param>
    /// <exception cref="UserErrorException">The data cannot be read; the message is one sentence that says why.</exception>
    public static Dataset Read(string? path, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        return IsDigits(path) ? EmbeddedDigits.Read()
            : Directory.Exists(path) || (File.Exists(path) && IdxFolder.IsImages(path)) ? IdxDataset.Read(path!)
            : TableDataset.Read(path!, options);
    }

    internal static bool IsDigits(string? path) => path is null || (path == EmbeddedDigits.Name && !Path.Exists(path));
}
