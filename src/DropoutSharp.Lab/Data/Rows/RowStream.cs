namespace DropoutSharp.Lab.Data;

/// <summary>Rows to predict, read a batch at a time, so that they may be more than memory holds.</summary>
public abstract class RowStream : IDisposable
{
    private protected RowStream(FeatureEncoder encoder, RowStreamOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchRows, 1);
        Encoder = encoder;
        Options = options;
    }

    /// <summary>The columns that are carried along.</summary>
    public IReadOnlyList<KeptColumn> KeptColumns { get; private protected init; } = [];

    /// <summary>What encodes the rows.</summary>
    public FeatureEncoder Encoder { get; }

    private protected RowStreamOptions Options { get; }

    /// <summary>Opens data and checks that they hold what a model was trained on.</summary>
    /// <param name="path">As in <see cref="DatasetReader.Read"/>; null for the embedded digits.</param>
    /// <param name="encoder">The model's encoder.</param>
    /// <param name="options">Batches, and columns to carry along.</param>
    /// <exception cref="UserErrorException">The data cannot be read or do not fit the model; the message is one sentence that says why.</exception>
    public static RowStream Open(string? path, FeatureEncoder encoder, RowStreamOptions? options = null)
    {
        options ??= new RowStreamOptions();
        return DatasetReader.IsDigits(path) ? new DatasetRowStream(EmbeddedDigits.Read(), encoder, options)
            : Directory.Exists(path) || IdxFolder.IsImages(path!) ? new IdxRowStream(path!, encoder, options)
            : new TableRowStream(path!, encoder, options);
    }

    /// <summary>Reads the rows in their order. Can be called once.</summary>
    /// <exception cref="UserErrorException">A row does not hold what it must; the message names its line or row and the column.</exception>
    public abstract IEnumerable<RowBatch> ReadBatches();

    /// <summary>Reads all rows that are left at once, for data that memory holds.</summary>
    /// <exception cref="UserErrorException">A row does not hold what it must, or there are more numbers than an array holds.</exception>
    public EncodedRows ReadAll()
    {
        List<float> features = [], targets = [];
        foreach (RowBatch batch in ReadBatches())
        {
            if (features.Count + (long)batch.Rows.Features.Length > Array.MaxLength)
            {
                throw new UserErrorException($"Rows times features must be at most {Array.MaxLength} to be held at once.");
            }

            features.AddRange(batch.Rows.Features);
            targets.AddRange(batch.Rows.Targets);
        }

        return new EncodedRows([.. features], Encoder.Shape, [.. targets], [.. Enumerable.Range(0, targets.Count)]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected virtual void Dispose(bool disposing)
    {
    }

    private protected ImageFeature RequireImages(string path, IReadOnlyList<int> shape)
    {
        if (Encoder.Columns is not [ImageFeature image])
        {
            throw new UserErrorException($"'{path}' must be a table with the columns that the model was trained on; it holds images.");
        }

        return image.Shape.SequenceEqual(shape)
            ? image
            : throw new UserErrorException(
                $"The images of '{path}' must be of {Size(image.Shape)} pixels, as the model was trained on; they are of {Size(shape)}.");

        static string Size(IReadOnlyList<int> shape) => string.Join('×', shape.Skip(shape[0] == 1 ? 1 : 0));
    }
}
