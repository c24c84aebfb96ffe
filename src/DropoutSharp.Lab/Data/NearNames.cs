namespace DropoutSharp.Lab.Data;

/// <summary>Finds what somebody may have meant by a name that does not exist.</summary>
internal static class NearNames
{
    private const int Listed = 16;

    /// <summary>The end of a sentence, from a semicolon on, that asks for the nearest of the names, or lists them where none is near.</summary>
    /// <param name="asked">The name that does not exist.</param>
    /// <param name="names">Those that do.</param>
    /// <param name="what">What they name, in the plural.</param>
    public static string Suggest(string asked, IReadOnlyList<string> names, string what = "columns")
    {
        if (names.Count == 0)
        {
            return $"; there are no {what}.";
        }

        // A third of the letters may be wrong; beyond that a suggestion is a guess.
        string[] near = [.. names
            .Select(name => (Name: name, Distance: Distance(asked.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(entry => entry.Distance <= Math.Max(1, Math.Max(asked.Length, entry.Name.Length) / 3))
            .OrderBy(entry => entry.Distance)
            .Take(3)
            .Select(entry => $"'{entry.Name}'")];
        return near.Length > 0
            ? $"; did you mean {string.Join(" or ", near)}?"
            : List(names, what);
    }

    /// <summary>The end of a sentence, from a semicolon on, that lists the names, or the first of many.</summary>
    /// <param name="names">The names.</param>
    /// <param name="what">What they name, in the plural.</param>
    public static string List(IReadOnlyList<string> names, string what = "columns") =>
        $"; the {what} are {string.Join(", ", names.Take(Listed).Select(name => $"'{name}'"))}{(names.Count > Listed ? $" and {names.Count - Listed} more" : "")}.";

    /// <summary>How many letters must be changed, added, removed, or exchanged with their neighbour (Damerau 1964).</summary>
    private static int Distance(string a, string b)
    {
        int[] before = new int[b.Length + 1], previous = [.. Enumerable.Range(0, b.Length + 1)], current = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(change, 1 + Math.Min(previous[j], current[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}
