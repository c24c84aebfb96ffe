namespace DropoutSharp.Lab.Data;

/// <summary>Reads a set of IDX files whole.</summary>
internal static class IdxDataset
{
    public const string ImageColumn = "image";
    public const string LabelColumn = "label";

    /// <summary>Reads images and labels.</summary>
    /// <param name="path">A folder, or a file of images with its labels beside it.</param>
    /// <exception cref="UserErrorException">A file is missing or damaged, or the files do not fit each other.</exception>
    public static Dataset Read(string path)
    {
        IdxFolder folder = IdxFolder.Find(path);
        List<(IReadOnlyList<int> Sizes, byte[] Pixels, double[] Labels)> parts = [.. folder.Parts.Select(ReadPart)];
        IReadOnlyList<int> sizes = parts[0].Sizes;
        if (parts is [_, var second] && !sizes.Skip(1).SequenceEqual(second.Sizes.Skip(1)))
        {
            throw new UserErrorException(
                $"The images of '{folder.Train!.Images}' and '{folder.Test!.Images}' must be of one size; "
                + $"received {sizes[1]}×{sizes[2]} and {second.Sizes[1]}×{second.Sizes[2]}.");
        }

        if (parts.Sum(part => part.Pixels.LongLength) > Array.MaxLength)
        {
            throw new UserErrorException($"The images of '{path}' must have at most {Array.MaxLength} pixels together.");
        }

        return new Dataset(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))),
            [
                new ImageColumn(ImageColumn, [1, sizes[1], sizes[2]], Join([.. parts.Select(part => part.Pixels)])),
                new NumberColumn(LabelColumn, [.. parts.SelectMany(part => part.Labels)]),
            ])
        {
            DefaultTarget = LabelColumn,
            TestStart = parts.Count > 1 ? sizes[0] : null,
        };
    }

    /// <summary>Opens the labels of a part and checks that there is one for each image.</summary>
    public static IdxReader OpenLabels(IdxPart part, IdxReader images)
    {
        if (part.Labels is null)
        {
            throw new UserErrorException(
                $"The labels of '{part.Images}' must lie beside it, in a file of the same name with labels and idx1 instead of images and idx3; "
                + "there is none.");
        }

        IdxReader labels = IdxReader.Open(part.Labels, 1);
        if (labels.Sizes[0] == images.Sizes[0])
        {
            return labels;
        }

        labels.Dispose();
        throw new UserErrorException(
            $"'{part.Labels}' must hold a label for each of the {images.Sizes[0]} images of '{part.Images}'; it holds {labels.Sizes[0]}.");
    }

    private static byte[] Join(byte[][] parts)
    {
        if (parts is [var only])
        {
            return only;
        }

        byte[] all = new byte[parts.Sum(part => part.Length)];
        int offset = 0;
        foreach (byte[] part in parts)
        {
            part.CopyTo(all, offset);
            offset += part.Length;
        }

        return all;
    }

    private static (IReadOnlyList<int> Sizes, byte[] Pixels, double[] Labels) ReadPart(IdxPart part)
    {
        using IdxReader images = IdxReader.Open(part.Images, 3);
        using IdxReader labels = OpenLabels(part, images);
        byte[] pixels = ReadAll(images, part.Images), classes = ReadAll(labels, part.Labels!);
        return (images.Sizes, pixels, Array.ConvertAll(classes, label => (double)label));
    }

    private static byte[] ReadAll(IdxReader reader, string path)
    {
        long length = (long)reader.Sizes[0] * reader.ItemSize;
        if (length > Array.MaxLength)
        {
            throw new UserErrorException($"'{path}' must have at most {Array.MaxLength} bytes to be read whole; its head says {length}.");
        }

        // In pieces, so that a damaged head does not ask for memory that the file cannot fill.
        using MemoryStream all = new();
        byte[] piece = new byte[(int)Math.Min(length, 1 << 20)];
        for (long left = length; left > 0;)
        {
            int count = (int)Math.Min(left, piece.Length);
            reader.Read(piece.AsSpan(0, count));
            all.Write(piece, 0, count);
            left -= count;
        }

        reader.EnsureEnd();
        return all.ToArray();
    }
}
