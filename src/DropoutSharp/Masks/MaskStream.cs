namespace DropoutSharp;

/// <summary>
/// A position in the stream of masks: which key, step and site. Together with an element's index it decides, as a pure function,
/// whether that element is kept, and which uniform and normal number belongs to it.
/// </summary>
/// <param name="Key">The run's seed, or one derived from it.</param>
/// <param name="Step">How many masks the site has drawn before this one.</param>
/// <param name="Site">Which place in the model draws; unique within a model.</param>
/// <remarks>
/// The draws are specified in <c>docs/mask-stream.md</c>. Nothing is stored: any stretch of a mask can be computed alone, in any order, on
/// any number of threads and with any vector width, always with the same answer.
/// </remarks>
public readonly partial record struct MaskStream(ulong Key, uint Step = 0, uint Site = 0)
{
    /// <summary>The number of elements that a mask can have: 2⁶².</summary>
    public const long MaxElements = 1L << 62;

    private const ulong IndexMask = (1UL << 62) - 1;

    internal enum Domain : uint
    {
        Mask = 0,
        Real = 1,
        Tie = 2,
        DerivedKey = 3,
    }

    /// <summary>The same stream with a key of its own, for a use that must not share masks with this one.</summary>
    /// <param name="tag">Names the use; its low 62 bits count.</param>
    public MaskStream Derive(ulong tag) => this with { Key = DeriveKey(Key, tag) };

    /// <summary>A key of its own for a use that must not share masks with <paramref name="key"/>.</summary>
    /// <param name="key">The key to derive from.</param>
    /// <param name="tag">Names the use; its low 62 bits count.</param>
    public static ulong DeriveKey(ulong key, ulong tag)
    {
        PhiloxWords words = Draw(key, Domain.DerivedKey, tag & IndexMask, 0, 0);
        return words.Word0 | (ulong)words.Word1 << 32;
    }

    /// <summary>Whether an element is kept.</summary>
    /// <param name="element">The element's index in the whole mask, in [0, 2⁶²).</param>
    /// <param name="dropRate">The probability that it is dropped.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="element"/> is negative or not below 2⁶².</exception>
    public bool IsKept(long element, DropRate dropRate)
    {
        CheckElement(element);
        return IsKept(element, dropRate.KeepThreshold);
    }

    /// <summary>The uniform number of an element: the middle of one of 2³² equal cells of (0, 1).</summary>
    /// <param name="element">The element's index, in [0, 2⁶²).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="element"/> is negative or not below 2⁶².</exception>
    public double Uniform(long element)
    {
        CheckElement(element);
        return (Draw(Domain.Real, (ulong)element >> 2)[(int)(element & 3)] + 0.5) * (1 / 4294967296.0);
    }

    /// <summary>The standard normal number of an element, by Box and Muller's transform of the uniforms of its pair.</summary>
    /// <param name="element">The element's index, in [0, 2⁶²).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="element"/> is negative or not below 2⁶².</exception>
    public double Normal(long element)
    {
        CheckElement(element);
        PhiloxWords words = Draw(Domain.Real, (ulong)element >> 2);
        (double even, double odd) = BoxMuller.Pair(words[(int)(element & 2)], words[(int)(element & 2) + 1]);
        return (element & 1) == 0 ? even : odd;
    }

    internal bool IsKept(long element, ulong threshold)
    {
        int inGroup = (int)(element & 127);
        uint word = Draw(Domain.Mask, (((ulong)element >> 7) << 3) + (uint)((inGroup & 31) >> 2))[inGroup >> 5];
        uint draw = word >> (8 * (inGroup & 3)) & 0xFF, coarse = (uint)(threshold >> 24);
        return draw != coarse ? draw < coarse : IsTieKept(element, threshold);
    }

    internal bool IsTieKept(long element, ulong threshold)
    {
        uint fine = (uint)threshold & 0xFFFFFF;
        return fine != 0 && Draw(Domain.Tie, (ulong)element).Word0 >> 8 < fine;
    }

    internal PhiloxWords Draw(Domain domain, ulong index) => Draw(Key, domain, index, Step, Site);

    private static PhiloxWords Draw(ulong key, Domain domain, ulong index, uint step, uint site) =>
        Philox4x32.Draw(new PhiloxWords((uint)index, (uint)(index >> 32) | (uint)domain << 30, step, site), key);

    private static void CheckElement(long element)
    {
        if (element is < 0 or >= MaxElements)
        {
            throw new ArgumentOutOfRangeException(nameof(element), element, $"Element must be in [0, 2^62); received {element}.");
        }
    }
}
