using System.Text.RegularExpressions;

namespace DropoutSharp.Lab.Data;

/// <summary>Finds the parts of a set of IDX files by the names that MNIST gave them.</summary>
/// <param name="Train">The training part; null where the set has one part only, which then is the test part.</param>
/// <param name="Test">The test part, whose name has <c>t10k</c> or <c>test</c> in it.</param>
internal sealed partial record IdxFolder(IdxPart? Train, IdxPart? Test)
{
    /// <summary>Whether a file is one of images by its name.</summary>
    public static bool IsImages(string path) => ImagesName().IsMatch(Path.GetFileName(path));

    /// <summary>The parts in the order training, test.</summary>
    public IEnumerable<IdxPart> Parts => new[] { Train, Test }.OfType<IdxPart>();

    /// <summary>Finds the parts.</summary>
    /// <param name="path">A folder, or a file of images, which then is the only part.</param>
    /// <exception cref="UserErrorException">There are no images, or more than one set.</exception>
    public static IdxFolder Find(string path)
    {
        if (File.Exists(path))
        {
            return new IdxFolder(WithLabels(path), null);
        }

        string[] images = [.. Directory.EnumerateFiles(path).Where(IsImages).Order(StringComparer.Ordinal)];
        if (images.Length == 0)
        {
            throw new UserErrorException(
                $"Folder '{path}' must hold IDX files such as train-images-idx3-ubyte.gz; it holds none "
                + $"(for tables name a file or a pattern such as {Path.Combine(path, "*.csv")}).");
        }

        string[] train = [.. images.Where(image => !IsTest(image))], test = [.. images.Where(IsTest)];
        foreach (string[] part in new[] { train, test })
        {
            if (part.Length > 1)
            {
                throw new UserErrorException(
                    $"Folder '{path}' must hold one set of IDX images; it holds {string.Join(" and ", part.Select(image => $"'{Path.GetFileName(image)}'"))}.");
            }
        }

        return new IdxFolder(train.Select(WithLabels).FirstOrDefault(), test.Select(WithLabels).FirstOrDefault());
    }

    private static bool IsTest(string path) => TestName().IsMatch(Path.GetFileName(path));

    private static IdxPart WithLabels(string images)
    {
        string name = ImagesName().Replace(Path.GetFileName(images), match => $"{match.Groups[1].Value}labels{match.Groups[2].Value}idx1-ubyte");
        string plain = Path.Combine(Path.GetDirectoryName(images) ?? "", name);
        return new IdxPart(images, !IsImages(images) ? null : new[] { plain, plain + ".gz" }.FirstOrDefault(File.Exists));
    }

    [GeneratedRegex(@"^(.*)images([-.])idx3-ubyte(\.gz)?$", RegexOptions.IgnoreCase)]
    private static partial Regex ImagesName();

    [GeneratedRegex("t10k|test", RegexOptions.IgnoreCase)]
    private static partial Regex TestName();
}
