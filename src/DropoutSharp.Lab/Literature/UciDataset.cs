using System.Globalization;

namespace DropoutSharp.Lab.Literature;

/// <summary>A regression set of the UCI repository with the train/test splits on which the literature compares.</summary>
/// <remarks>
/// A folder with <c>data.txt</c> (one row a sample, separated by white space), <c>index_features.txt</c> and <c>index_target.txt</c> (column numbers), and
/// <c>index_train_K.txt</c> and <c>index_test_K.txt</c> (row numbers) for K = 0, 1, … (Hernández-Lobato and Adams 2015).
/// </remarks>
public sealed class UciDataset
{
    private UciDataset(string name, double[][] features, double[] targets, IReadOnlyList<UciSplit> splits)
    {
        Name = name;
        Features = features;
        Targets = targets;
        Splits = splits;
    }

    /// <summary>The folder's name.</summary>
    public string Name { get; }

    /// <summary>The features of each row.</summary>
    public IReadOnlyList<double[]> Features { get; }

    /// <summary>The target of each row, in its own unit.</summary>
    public IReadOnlyList<double> Targets { get; }

    /// <summary>The splits in their order.</summary>
    public IReadOnlyList<UciSplit> Splits { get; }

    /// <summary>Whether a folder looks like such a set.</summary>
    public static bool IsAt(string folder) => File.Exists(Path.Combine(folder, "data.txt")) && File.Exists(Path.Combine(folder, "index_train_0.txt"));

    /// <summary>Reads a set.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="UserErrorException">A file is missing or damaged; the message names file, line and what was expected.</exception>
    public static UciDataset Read(string folder)
    {
        double[][] rows = ReadNumbers(Path.Combine(folder, "data.txt"));
        if (rows.Length == 0)
        {
            throw new UserErrorException($"{Path.Combine(folder, "data.txt")}: expected one row a sample; found none.");
        }

        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Length != rows[0].Length)
            {
                throw new UserErrorException(
                    $"{Path.Combine(folder, "data.txt")}: expected {rows[0].Length} columns in each row; found {rows[i].Length} in row {i + 1}.");
            }
        }

        int[] features = ReadIndices(Path.Combine(folder, "index_features.txt"), rows[0].Length, "column");
        int[] target = ReadIndices(Path.Combine(folder, "index_target.txt"), rows[0].Length, "column");
        if (target.Length != 1 || features.Length == 0)
        {
            throw new UserErrorException($"{folder}: expected one target column and at least one feature column; found {target.Length} and {features.Length}.");
        }

        List<UciSplit> splits = [];
        while (File.Exists(Path.Combine(folder, $"index_train_{splits.Count}.txt")))
        {
            int[] train = ReadIndices(Path.Combine(folder, $"index_train_{splits.Count}.txt"), rows.Length, "row");
            int[] test = ReadIndices(Path.Combine(folder, $"index_test_{splits.Count}.txt"), rows.Length, "row");
            if (train.Length == 0 || test.Length == 0 || train.Intersect(test).Any())
            {
                throw new UserErrorException(
                    $"{folder}: split {splits.Count} must have training and test rows, and none that is both; found {train.Length}, {test.Length} and {train.Intersect(test).Count()}.");
            }

            if (splits.Count > 0 && (train.Length != splits[0].Train.Count || test.Length != splits[0].Test.Count))
            {
                throw new UserErrorException(
                    $"{folder}: every split must have as many rows as the first, {splits[0].Train.Count} and {splits[0].Test.Count}; split {splits.Count} has {train.Length} and {test.Length}.");
            }

            splits.Add(new UciSplit(train, test));
        }

        if (splits.Count == 0)
        {
            throw new UserErrorException($"{folder}: expected index_train_0.txt; it is not there.");
        }

        return new UciDataset(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            Array.ConvertAll(rows, row => Array.ConvertAll(features, column => row[column])),
            Array.ConvertAll(rows, row => row[target[0]]),
            splits);
    }

    private static double[][] ReadNumbers(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException($"{path}: there is no such file.");
        }

        List<double[]> rows = [];
        int line = 0;
        foreach (string text in File.ReadLines(path))
        {
            line++;
            string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
            {
                rows.Add(Array.ConvertAll(words, word =>
                    double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                        ? value
                        : throw new UserErrorException($"{path}, line {line}: expected a finite number; found {word}.")));
            }
        }

        return [.. rows];
    }

    private static int[] ReadIndices(string path, int count, string what) =>
        [.. ReadNumbers(path).SelectMany(row => row).Select(value =>
            value >= 0 && value < count && value == Math.Floor(value)
                ? (int)value
                : throw new UserErrorException($"{path}: expected the number of a {what}, in [0, {count - 1}]; found {value.ToString(CultureInfo.InvariantCulture)}."))];
}
