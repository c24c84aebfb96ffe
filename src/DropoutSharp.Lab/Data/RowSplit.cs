namespace DropoutSharp.Lab.Data;

/// <summary>Which rows are learned from, which decide when to stop, and which judge.</summary>
/// <param name="Train">Row numbers in ascending order.</param>
/// <param name="Validation">Row numbers in ascending order.</param>
/// <param name="Test">Row numbers in ascending order.</param>
/// <remarks>
/// Every row draws one uniform number by its own row number, so the split depends on the seed, the rows and their classes alone. Within
/// a class (or among all rows, for regression) the rows with the smallest numbers go to the test part, the next to the validation part;
/// a class leaves at least one row to learn from.
/// </remarks>
public sealed record RowSplit(int[] Train, int[] Validation, int[] Test)
{
    private const ulong SplitTag = 0x73706C6974; // "split"

    // What a validation part is cut to at least when only few rows are learned from: below this the choice of a rate is a matter of luck.
    private const int EnoughValidationRows = 1000;

    /// <summary>Splits rows.</summary>
    /// <param name="rows">The rows that can be used, ascending, without those of <paramref name="fixedTest"/>.</param>
    /// <param name="strata">The class index of each of these rows; all 0 for regression.</param>
    /// <param name="fixedTest">The test part that the data came with; null to take one out of the rows.</param>
    /// <param name="options">Shares, seed and the number of rows to learn from.</param>
    /// <exception cref="UserErrorException">There are too few rows.</exception>
    public static RowSplit Create(ReadOnlySpan<int> rows, ReadOnlySpan<int> strata, int[]? fixedTest, DatasetOptions options)
    {
        options.Check();
        List<int[]> groups = Shuffle(rows, strata, MaskStream.DeriveKey(options.Seed, SplitTag));
        int count = rows.Length;
        int[] test = fixedTest ?? Take(groups, Share(count, options.TestShare), leave: 1);
        int pool = groups.Sum(group => group.Length), wanted = Share(count, options.ValidationShare);
        int[] validation;
        if (options.TrainRows is { } trainRows)
        {
            int least = Math.Max(2, groups.Count);
            if (trainRows > pool || trainRows < least)
            {
                throw new UserErrorException(
                    $"Train rows must be in [{least}, {pool}], from one a class to all that the test part leaves; received {trainRows}.");
            }

            // The rows to learn from are the last of each class, the same whichever way validation is found.
            int[] rest = Take(groups, pool - trainRows, leave: 1);
            wanted = Math.Min(wanted, Math.Max(trainRows, EnoughValidationRows));
            validation = rest.Length >= Math.Max(1, Math.Min(wanted, Share(trainRows, options.ValidationShare)))
                ? Thin(rest, rows, strata, wanted, options.Seed)
                : Take(groups, Share(trainRows, options.ValidationShare), leave: 1);
        }
        else
        {
            validation = Take(groups, wanted, leave: 1);
        }

        int[] train = [.. groups.SelectMany(group => group).Order()];
        if (train.Length < 2 || validation.Length < 1 || test.Length < 1)
        {
            throw new UserErrorException(
                $"At least 2 rows to learn from, 1 to validate and 1 to test must be there; received {count + (fixedTest?.Length ?? 0)} rows in all.");
        }

        return new RowSplit(train, validation, test);
    }

    private static int Share(int count, double share) => Math.Max(1, (int)Math.Round(count * share));

    private static List<int[]> Shuffle(ReadOnlySpan<int> rows, ReadOnlySpan<int> strata, ulong key)
    {
        MaskStream stream = new(key);
        SortedDictionary<int, List<(double Draw, int Row)>> groups = [];
        for (int i = 0; i < rows.Length; i++)
        {
            if (!groups.TryGetValue(strata[i], out List<(double, int)>? group))
            {
                groups.Add(strata[i], group = []);
            }

            group.Add((stream.Uniform(rows[i]), rows[i]));
        }

        return [.. groups.Values.Select(group =>
        {
            group.Sort();
            return group.Select(entry => entry.Row).ToArray();
        })];
    }

    /// <summary>Takes rows off the front of every group in proportion to its size.</summary>
    private static int[] Take(List<int[]> groups, int wanted, int leave)
    {
        // Rounded on the running sum, so that the whole is right and every group is within one row of its share.
        long total = groups.Sum(group => (long)group.Length), before = 0;
        int[] quotas = new int[groups.Count];
        for (int i = 0; i < quotas.Length; i++)
        {
            long until = before + groups[i].Length;
            quotas[i] = (int)Math.Clamp(Round(until) - Round(before), 0, Room(i));
            before = until;
        }

        // What small groups could not give, the fullest give.
        for (int missing = wanted - quotas.Sum(); missing > 0; missing--)
        {
            int fullest = Enumerable.Range(0, quotas.Length).MaxBy(i => Room(i) - quotas[i]);
            if (Room(fullest) == quotas[fullest])
            {
                break;
            }

            quotas[fullest]++;
        }

        List<int> taken = [];
        for (int i = 0; i < quotas.Length; i++)
        {
            taken.AddRange(groups[i].AsSpan(0, quotas[i]));
            groups[i] = groups[i][quotas[i]..];
        }

        taken.Sort();
        return [.. taken];

        int Room(int i) => Math.Max(0, groups[i].Length - leave);

        long Round(long rowsSoFar) => total == 0 ? 0 : (rowsSoFar * wanted + total / 2) / total;
    }

    private static int[] Thin(int[] rest, ReadOnlySpan<int> rows, ReadOnlySpan<int> strata, int wanted, ulong seed)
    {
        if (rest.Length <= wanted)
        {
            return rest;
        }

        int[] restStrata = new int[rest.Length];
        for (int i = 0; i < rest.Length; i++)
        {
            restStrata[i] = strata[rows.BinarySearch(rest[i])];
        }

        return Take(Shuffle(rest, restStrata, MaskStream.DeriveKey(seed, SplitTag)), wanted, leave: 0);
    }
}
