using System.Globalization;
using System.Text;

namespace DropoutSharp.Cli.Comparing;

/// <summary>Names for folders that no one named: the data and the time, never one that exists.</summary>
internal static class RunFolderName
{
    private const int LongestName = 40;

    /// <summary>A new folder's path, such as <c>runs/houses-20250131-142501</c>.</summary>
    /// <param name="parent">The folder that it lies in.</param>
    /// <param name="dataName">What the data is called.</param>
    /// <param name="time">The clock.</param>
    /// <param name="exists">Whether a path is taken.</param>
    public static string Create(string parent, string dataName, TimeProvider time, Func<string, bool> exists)
    {
        string stamp = time.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string path = Path.Combine(parent, $"{Plain(dataName)}-{stamp}");
        string free = path;
        for (int i = 2; exists(free); i++)
        {
            free = $"{path}-{i}";
        }

        return free;
    }

    /// <summary>A name that every file system takes: lower-case letters, digits, dots, dashes and underscores.</summary>
    private static string Plain(string name)
    {
        string stem = Path.GetFileName(name.TrimEnd('/', '\\')).Split('.')[0];
        StringBuilder plain = new();
        foreach (char each in stem.ToLowerInvariant())
        {
            char next = char.IsAsciiLetterOrDigit(each) || each is '-' or '_' ? each : '-';
            if (next != '-' || (plain.Length > 0 && plain[^1] != '-'))
            {
                plain.Append(next);
            }
        }

        string result = plain.ToString().Trim('-');
        return result.Length == 0 ? "data" : result[..Math.Min(result.Length, LongestName)];
    }
}
