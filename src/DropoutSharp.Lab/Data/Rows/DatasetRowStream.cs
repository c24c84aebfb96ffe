namespace DropoutSharp.Lab.Data;

/// <summary>Images that are in memory already.</summary>
internal sealed class DatasetRowStream : RowStream
{
    private readonly Dataset _dataset;

    public DatasetRowStream(Dataset dataset, FeatureEncoder encoder, RowStreamOptions options)
        : base(encoder, options)
    {
        ImageFeature image = RequireImages(dataset.Name, dataset.Images!.Shape);
        _dataset = dataset.With([dataset.Images.Named(image.Name), .. options.WithTarget ? [RequireTarget(dataset)] : Array.Empty<DataColumn>()]);
    }

    public override IEnumerable<RowBatch> ReadBatches()
    {
        for (int first = 0; first < _dataset.RowCount; first += Options.BatchRows)
        {
            int[] rows = [.. Enumerable.Range(first, Math.Min(Options.BatchRows, _dataset.RowCount - first))];
            EncodedRows encoded = Encoder.Encode(_dataset, rows);
            yield return new RowBatch(first, encoded with { RowNumbers = [.. Enumerable.Range(0, rows.Length)] }, []);
        }
    }

    private DataColumn RequireTarget(Dataset dataset) => dataset.Find(Encoder.Target.Name)
        ?? throw new UserErrorException($"'{dataset.Name}' must have the target column '{Encoder.Target.Name}'; it has none of that name.");
}
