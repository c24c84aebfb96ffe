using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Values of a batch of rows that are the same in all passes.</summary>
internal sealed class OnceValues : IDisposable
{
    private readonly ConcurrentDictionary<(object, int), Lazy<Tensor>> _values = new();

    /// <summary>How many bytes the values take.</summary>
    public long Bytes => _values.Values.Sum(static value => value.Value.numel() * value.Value.ElementSize);

    public Tensor Get((object Part, int Place) key, Func<Tensor> compute) => _values.GetOrAdd(key, _ => new Lazy<Tensor>(() =>
    {
        // Outlives the scope of whoever asks first.
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        return compute().DetachFromDisposeScope();
    })).Value;

    public void Dispose()
    {
        foreach (Lazy<Tensor> value in _values.Values)
        {
            value.Value.Dispose();
        }

        _values.Clear();
    }
}
