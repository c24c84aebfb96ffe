using System.Globalization;

namespace DropoutSharp.Lab.Data;

/// <summary>The real data set that comes with the library: 1,797 handwritten digits of 8×8 pixels.</summary>
/// <remarks>E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository, CC BY 4.0; see the README beside the file.</remarks>
public static class EmbeddedDigits
{
    /// <summary>What the data set is called where a path could stand.</summary>
    public const string Name = "digits";

    internal const string Target = "digit";
    internal const string Resource = "DropoutSharp.Lab.Data.Digits.digits.csv";
    private const int Side = 8;

    /// <summary>Reads the images and the digits that they show.</summary>
    public static Dataset Read()
    {
        List<float> pixels = [];
        List<double> digits = [];
        using StreamReader reader = new(Open());
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] fields = line.Split(',');
            pixels.AddRange(fields[..^1].Select(field => float.Parse(field, CultureInfo.InvariantCulture)));
            digits.Add(double.Parse(fields[^1], CultureInfo.InvariantCulture));
        }

        return new Dataset(Name, [new ImageColumn("image", [1, Side, Side], [.. pixels]), new NumberColumn(Target, [.. digits])])
        {
            DefaultTarget = Target,
        };
    }

    /// <summary>Opens the file as it was shipped.</summary>
    public static Stream Open() => typeof(EmbeddedDigits).Assembly.GetManifestResourceStream(Resource)
        ?? throw new InvalidOperationException($"Resource '{Resource}' must be in the assembly.");
}
