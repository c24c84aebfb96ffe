namespace DropoutSharp.Lab.Claims;

/// <summary>A series of a picture.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="Points">Its points.</param>
/// <param name="Joined">Whether a line joins them.</param>
public sealed record ClaimSeries(string Name, IReadOnlyList<ClaimPoint> Points, bool Joined = true)
{
    internal static ClaimSeries Of(string name, IEnumerable<double> x, IEnumerable<Measurement> y, bool joined = true) =>
        new(name, [.. x.Zip(y, (at, measured) => new ClaimPoint(at, measured.Mean, measured.Low, measured.High))], joined);
}
