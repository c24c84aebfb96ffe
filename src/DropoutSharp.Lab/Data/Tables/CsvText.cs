using System.Text;

namespace DropoutSharp.Lab.Data;

/// <summary>Takes records of a CSV file apart where only their outline is of interest: the head, the delimiter, the line of a row.</summary>
internal static class CsvText
{
    /// <summary>Splits lines into records of fields.</summary>
    /// <param name="lines">Lines in order; empty ones count for nothing outside quotes.</param>
    /// <param name="delimiter">What stands between fields.</param>
    public static IEnumerable<string[]> Records(IEnumerable<string> lines, char delimiter)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        foreach (string line in lines)
        {
            if (quoted)
            {
                field.Append('\n');
            }
            else if (line.Length == 0)
            {
                continue;
            }

            bool atStart = !quoted;
            for (int i = 0; i < line.Length; i++)
            {
                char letter = line[i];
                if (quoted)
                {
                    if (letter != '"')
                    {
                        field.Append(letter);
                    }
                    else if (i + 1 < line.Length && line[i + 1] == '"')
                    {
                        field.Append(line[i++]);
                    }
                    else
                    {
                        quoted = false;
                    }
                }
                else if (letter == delimiter)
                {
                    Finish();
                    atStart = true;
                    continue;
                }
                else if (letter == '"' && atStart)
                {
                    quoted = true;
                }
                else
                {
                    field.Append(letter);
                }

                atStart = false;
            }

            if (!quoted)
            {
                Finish();
                yield return [.. fields];
                fields.Clear();
            }
        }

        if (quoted)
        {
            Finish();
            yield return [.. fields];
        }

        void Finish()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }

    /// <summary>The line on which each record starts, counted from 1.</summary>
    /// <param name="lines">Lines in order.</param>
    /// <param name="delimiter">What stands between fields.</param>
    public static IEnumerable<long> RecordLines(IEnumerable<string> lines, char delimiter)
    {
        long read = 0, start = 1;
        foreach (string[] _ in Records(Counted(), delimiter))
        {
            yield return start;
            start = read + 1;
        }

        IEnumerable<string> Counted()
        {
            foreach (string line in lines)
            {
                read++;
                if (line.Length == 0 && start == read)
                {
                    start++;
                }

                yield return line;
            }
        }
    }
}
