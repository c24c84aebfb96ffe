namespace DropoutSharp.Lab.Data;

/// <summary>From data to rows that a network can be trained on: target, split, features.</summary>
public static class DataPreparation
{
    /// <summary>Reads, splits and encodes.</summary>
    /// <param name="path">As in <see cref="DatasetReader.Read"/>; null for the embedded digits.</param>
    /// <param name="options">The target, the shares of the parts, and what becomes of columns.</param>
    /// <exception cref="UserErrorException">The data cannot be used; the message is one sentence that says why.</exception>
    public static PreparedData Prepare(string? path, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        return Prepare(DatasetReader.Read(path, options), options);
    }

    /// <summary>Splits and encodes.</summary>
    /// <param name="dataset">The rows.</param>
    /// <param name="options">The target, the shares of the parts, and what becomes of columns.</param>
    /// <exception cref="UserErrorException">The data cannot be used; the message is one sentence that says why.</exception>
    public static PreparedData Prepare(Dataset dataset, DatasetOptions options)
    {
        options.Check();
        List<string> notes = [.. dataset.Notes];
        TargetFinding finding = new(dataset, options, notes);
        DataColumn target = finding.FindColumn();
        int[] usable = finding.RowsWithTarget(target);
        int[]? fixedTest = dataset.TestStart is { } start ? [.. usable.Where(row => row >= start)] : null;
        int[] rows = fixedTest is null ? usable : [.. usable.Where(row => row < dataset.TestStart)];
        (LearningTask task, IReadOnlyList<string> classes) = finding.FindTask(target, rows);

        TargetEncoder labels = new(target.Name, task, classes, 0, 1);
        int[] strata = task == LearningTask.Classification
            ? Array.ConvertAll(labels.Encode(target, rows), index => (int)index)
            : new int[rows.Length];
        RowSplit split = RowSplit.Create(rows, strata, fixedTest, options);
        if (task == LearningTask.Regression)
        {
            labels = FitNumbers(dataset, target, labels, split.Train);
        }

        split = split with { Test = KnownRows(target, labels, split.Test, notes) };
        FeatureEncoder encoder = FeatureEncoder.Fit(dataset, split.Train, labels, options, notes);
        return new PreparedData
        {
            Name = dataset.Name,
            Task = task,
            Target = target.Name,
            Classes = classes,
            TargetMean = labels.Mean,
            TargetScale = labels.Scale,
            Train = encoder.Encode(dataset, split.Train),
            Validation = encoder.Encode(dataset, split.Validation),
            Test = encoder.Encode(dataset, split.Test),
            Notes = notes,
            Encoder = encoder,
            Source = dataset,
        };
    }

    private static TargetEncoder FitNumbers(Dataset dataset, DataColumn target, TargetEncoder plain, int[] training)
    {
        double[] values = [.. training.Select(row => TargetEncoder.Number(target, row))];
        if (values.AsSpan().IndexOfAnyExcept(values[0]) < 0)
        {
            throw new UserErrorException(
                $"Target column '{target.Name}' of '{dataset.Name}' must vary; it is {NumberColumn.Format(values[0])} in every row that is learned from.");
        }

        Standardisation standard = Standardisation.Fit(values);
        return plain with { Mean = standard.Mean, Scale = standard.Scale };
    }

    /// <summary>Leaves out test rows whose class no training row has, which can only be where the data bring their own test part.</summary>
    private static int[] KnownRows(DataColumn target, TargetEncoder labels, int[] test, List<string> notes)
    {
        float[] encoded = labels.Encode(target, test);
        int[] known = [.. test.Where((_, i) => !float.IsNaN(encoded[i]))];
        if (known.Length < test.Length)
        {
            notes.Add($"{test.Length - known.Length} test rows were left out, because no training row has their class.");
        }

        return known.Length > 0 ? known : throw new UserErrorException("The test part must have a class that the training part has; it has none.");
    }
}
