namespace DropoutSharp.Lab.Data;

/// <summary>Images of IDX files, read a batch at a time; labels are read only where they are asked for.</summary>
internal sealed class IdxRowStream : RowStream
{
    private readonly List<(string Path, IdxReader Images, IdxReader? Labels)> _parts = [];
    private readonly ImageFeature _image = null!;

    public IdxRowStream(string path, FeatureEncoder encoder, RowStreamOptions options)
        : base(encoder, options)
    {
        try
        {
            foreach (IdxPart part in IdxFolder.Find(path).Parts)
            {
                IdxReader images = IdxReader.Open(part.Images, 3);
                _parts.Add((part.Images, images, null));
                _image = RequireImages(part.Images, [1, images.Sizes[1], images.Sizes[2]]);
                if (options.WithTarget)
                {
                    _parts[^1] = (part.Images, images, IdxDataset.OpenLabels(part, images));
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override IEnumerable<RowBatch> ReadBatches()
    {
        long first = 0;
        foreach ((string path, IdxReader images, IdxReader? labels) in _parts)
        {
            for (int done = 0; done < images.Sizes[0];)
            {
                int count = Math.Min(Options.BatchRows, images.Sizes[0] - done);
                if ((long)count * images.ItemSize > Array.MaxLength)
                {
                    throw new UserErrorException($"A batch of {count} images of '{path}' must have at most {Array.MaxLength} pixels.");
                }

                byte[] pixels = new byte[count * images.ItemSize];
                images.Read(pixels);
                List<DataColumn> columns = [new ImageColumn(_image.Name, _image.Shape, pixels)];
                if (labels is not null)
                {
                    byte[] classes = new byte[count];
                    labels.Read(classes);
                    columns.Add(new NumberColumn(Encoder.Target.Name, Array.ConvertAll(classes, label => (double)label)));
                }

                int[] rows = [.. Enumerable.Range(0, count)];
                yield return new RowBatch(first, Encoder.Encode(new Dataset(path, columns), rows), []);
                (done, first) = (done + count, first + count);
            }

            images.EnsureEnd();
            labels?.EnsureEnd();
        }
    }

    private protected override void Dispose(bool disposing)
    {
        foreach ((_, IdxReader images, IdxReader? labels) in _parts)
        {
            images.Dispose();
            labels?.Dispose();
        }

        base.Dispose(disposing);
    }
}
