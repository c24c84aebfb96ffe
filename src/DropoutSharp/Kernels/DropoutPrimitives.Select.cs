namespace DropoutSharp;

public static partial class DropoutPrimitives
{
    /// <summary>Dropout with a mask that is given, such as one that was asked for earlier and is replayed.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/> or <see cref="BFloat16"/>.</typeparam>
    /// <param name="x">The source, or the gradient of the output in the backward pass.</param>
    /// <param name="kept">Whether each element is kept; as long as <paramref name="x"/>.</param>
    /// <param name="destination">Receives the result; at least as long as <paramref name="x"/>, and either the same memory or apart.</param>
    /// <param name="scale">What a kept element is multiplied with.</param>
    /// <exception cref="ArgumentException">A length is wrong, or the memory overlaps in part, or T is another type.</exception>
    /// <remarks><c>destination[i] = kept[i] ? x[i] · scale : +0</c>.</remarks>
    public static unsafe void Select<T>(ReadOnlySpan<T> x, ReadOnlySpan<bool> kept, Span<T> destination, double scale)
        where T : unmanaged
    {
        if (kept.Length != x.Length)
        {
            throw new ArgumentException($"Mask must have the source's {x.Length} elements; received {kept.Length}.", nameof(kept));
        }

        CheckDestination(x, destination);
        CheckElementType<T>();
        fixed (T* source = x, target = destination)
        fixed (bool* mask = kept)
        {
            CheckOverlap(source, target, x.Length);
            MaskedRows.Row(source, target, (byte*)mask, x.Length, new MaskLaw(scale));
        }
    }
}
