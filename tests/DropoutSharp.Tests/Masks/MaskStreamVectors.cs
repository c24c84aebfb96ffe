using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace DropoutSharp.Tests.Masks;

/// <summary>The specification's vectors, as its slow reference in another language computed them.</summary>
internal static class MaskStreamVectors
{
    private static readonly JsonElement Root = Read();

    public sealed record Mask(MaskStream Stream, long First, DropRate DropRate, string Kept);

    public sealed record Real(MaskStream Stream, long Element, double Uniform, double Normal);

    public sealed record Derived(ulong Key, ulong Tag, ulong Answer);

    public static IEnumerable<Mask> Masks => Root.GetProperty("masks").EnumerateArray().Select(mask => new Mask(
        Stream(mask), Integer(mask, "first"), DropRate.FromKeepProbability(mask.GetProperty("keep").GetDouble()),
        mask.GetProperty("kept").GetString()!));

    public static IEnumerable<Real> Reals => Root.GetProperty("reals").EnumerateArray().Select(real => new Real(
        Stream(real), Integer(real, "element"), HexadecimalDouble(real.GetProperty("uniform").GetString()!),
        real.GetProperty("normal").GetDouble()));

    public static IEnumerable<Derived> DerivedKeys => Root.GetProperty("derived").EnumerateArray().Select(derived => new Derived(
        Unsigned(derived, "key"), Unsigned(derived, "tag"), Unsigned(derived, "derived")));

    private static MaskStream Stream(JsonElement element) =>
        new(Unsigned(element, "key"), element.GetProperty("step").GetUInt32(), element.GetProperty("site").GetUInt32());

    private static ulong Unsigned(JsonElement element, string name) =>
        ulong.Parse(element.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static long Integer(JsonElement element, string name) =>
        long.Parse(element.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    /// <summary>A double in the notation of C's <c>%a</c>, such as 0x1.8p-3.</summary>
    private static double HexadecimalDouble(string text)
    {
        string[] parts = text["0x1.".Length..].Split('p');
        ulong fraction = ulong.Parse(parts[0].PadRight(13, '0'), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return Math.ScaleB(1 + (fraction * Math.ScaleB(1, -52)), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static JsonElement Read()
    {
        using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream("mask-stream-vectors.json")!;
        return JsonDocument.Parse(file).RootElement;
    }
}
