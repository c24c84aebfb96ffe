using System.Globalization;

namespace DropoutSharp.Lab.Data;

/// <summary>Finds the target column and what is to be learned from it.</summary>
internal sealed class TargetFinding(Dataset dataset, DatasetOptions options, ICollection<string> notes)
{
    private const int FewWholeNumbers = 20;
    private const int RowsPerFewClass = 5;

    private static readonly string[] UsualNames = ["target", "label", "class", "y"];

    public DataColumn FindColumn()
    {
        string[] names = [.. dataset.Columns.Where(column => column is not ImageColumn).Select(column => column.Name)];
        if (options.Target is { } asked)
        {
            return dataset.Find(asked) is { } found and not ImageColumn
                ? found
                : throw new UserErrorException($"Target must be a column of '{dataset.Name}'; received '{asked}'{NearNames.Suggest(asked, names)}");
        }

        if (dataset.DefaultTarget is { } own && dataset.Find(own) is { } column)
        {
            return column;
        }

        if (names.Length == 0)
        {
            throw new UserErrorException($"'{dataset.Name}' must have a column to predict; it has none.");
        }

        string target = UsualNames.Select(usual => names.FirstOrDefault(name => name.Equals(usual, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(name => name is not null) ?? names[^1];
        notes.Add($"Column '{target}' was taken as the target, because none was named.");
        return dataset.Find(target)!;
    }

    /// <summary>The rows that have a target.</summary>
    public int[] RowsWithTarget(DataColumn target)
    {
        int[] rows = [.. Enumerable.Range(0, dataset.RowCount).Where(row => !target.IsMissing(row))];
        int missing = dataset.RowCount - rows.Length;
        if (rows.Length == 0)
        {
            throw new UserErrorException($"Target column '{target.Name}' of '{dataset.Name}' must have values; all {dataset.RowCount} rows miss it.");
        }

        if (missing > 0)
        {
            notes.Add($"{(missing == 1 ? "1 row was" : $"{missing} rows were")} left out, because '{target.Name}' is missing there.");
        }

        return rows;
    }

    /// <summary>What is to be learned, and for classification the classes in their order.</summary>
    public (LearningTask Task, IReadOnlyList<string> Classes) FindTask(DataColumn target, int[] rows)
    {
        if (target is TimeColumn)
        {
            throw new UserErrorException($"Target column '{target.Name}' of '{dataset.Name}' must hold numbers or classes; it holds dates.");
        }

        LearningTask task = options.Task ?? Guess(target, rows);
        if (task == LearningTask.Regression)
        {
            CheckNumbers(target, rows);
            return (task, []);
        }

        IReadOnlyList<string> classes = FindClasses(target, rows);
        if (classes.Count < 2)
        {
            throw new UserErrorException(
                $"Target column '{target.Name}' of '{dataset.Name}' must have at least 2 classes; every row has '{classes[0]}'.");
        }

        if (classes.Count > rows.Length / 2)
        {
            throw new UserErrorException(
                $"Target column '{target.Name}' of '{dataset.Name}' must have classes of several rows each; it has {classes.Count} classes in {rows.Length} rows.");
        }

        return (task, classes);
    }

    private LearningTask Guess(DataColumn target, int[] rows)
    {
        if (target is not NumberColumn numbers)
        {
            return LearningTask.Classification;
        }

        HashSet<double> different = [];
        foreach (int row in rows)
        {
            different.Add(numbers.Values[row]);
            if (numbers.Values[row] != Math.Floor(numbers.Values[row]) || different.Count > FewWholeNumbers)
            {
                return LearningTask.Regression;
            }
        }

        if (rows.Length < different.Count * RowsPerFewClass)
        {
            return LearningTask.Regression;
        }

        if (dataset.DefaultTarget is null)
        {
            notes.Add($"Target '{target.Name}' holds {different.Count} different whole numbers, which were taken as classes.");
        }

        return LearningTask.Classification;
    }

    private void CheckNumbers(DataColumn target, int[] rows)
    {
        if (target is TextColumn text)
        {
            bool[] isNumber = [.. text.Levels.Select(IsFiniteNumber)];
            foreach (int row in rows)
            {
                if (!isNumber[text.Codes[row]])
                {
                    throw new UserErrorException(
                        $"Target column '{target.Name}' must hold finite numbers for regression; {dataset.Locate(row)} holds '{text.Format(row)}'.");
                }
            }
        }
    }

    private static bool IsFiniteNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value);

    private static IReadOnlyList<string> FindClasses(DataColumn target, int[] rows) => target switch
    {
        NumberColumn numbers => [.. rows.Select(row => numbers.Values[row]).Distinct().Order().Select(NumberColumn.Format)],
        TextColumn text => [.. rows.Select(row => text.Codes[row]).Distinct().Select(code => text.Levels[code]).Order(NaturalOrder.Instance)],
        _ => [.. rows.Select(target.Format).Distinct().Order(StringComparer.Ordinal)],
    };

    /// <summary>Numbers by their value, before other text by its characters.</summary>
    private sealed class NaturalOrder : IComparer<string>
    {
        public static NaturalOrder Instance { get; } = new();

        public int Compare(string? x, string? y)
        {
            bool isXNumber = double.TryParse(x, NumberStyles.Float, CultureInfo.InvariantCulture, out double xNumber);
            bool isYNumber = double.TryParse(y, NumberStyles.Float, CultureInfo.InvariantCulture, out double yNumber);
            int order = isXNumber && isYNumber ? xNumber.CompareTo(yNumber) : isYNumber.CompareTo(isXNumber);
            return order != 0 ? order : string.CompareOrdinal(x, y);
        }
    }
}
