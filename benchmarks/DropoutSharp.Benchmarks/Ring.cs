namespace DropoutSharp.Benchmarks;

/// <summary>Like things that take turns, so many that whoever comes again has left the caches meanwhile.</summary>
/// <remarks>In a training step the same happens between two uses of a weight: all other weights, their gradients and the activations are touched.</remarks>
/// <typeparam name="T">A thing.</typeparam>
internal sealed class Ring<T> : IDisposable
    where T : IDisposable
{
    /// <summary>So many bytes are touched until a thing comes again: four times the largest cache of most processors.</summary>
    public const long Bytes = 128L << 20;

    // Narrow layers stay in the caches in training as well.
    private const int Most = 128;

    private readonly T[] _items;
    private int _next;

    /// <summary>A ring.</summary>
    /// <param name="bytesOfEach">How large a thing is.</param>
    /// <param name="create">Makes one.</param>
    public Ring(long bytesOfEach, Func<T> create) => _items = [.. Enumerable.Range(0, (int)Math.Clamp(Bytes / Math.Max(1, bytesOfEach), 2, Most)).Select(_ => create())];

    /// <summary>The one whose turn it was.</summary>
    public T Latest => _items[_next];

    /// <summary>The one whose turn it is.</summary>
    public T Next() => _items[_next = (_next + 1) % _items.Length];

    /// <summary>Puts a thing into the place of the one whose turn it is, which is disposed.</summary>
    public void Replace(T item)
    {
        Next().Dispose();
        _items[_next] = item;
    }

    public void Dispose() => Array.ForEach(_items, static item => item.Dispose());
}
