using DropoutSharp.Lab.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Training;

/// <summary>A copy of everything that training changes in a network: parameters and buffers.</summary>
internal sealed class NetworkSnapshot : IDisposable
{
    private readonly (Tensor Live, Tensor Copy)[] _pairs;

    /// <summary>Takes a first copy.</summary>
    public NetworkSnapshot(Network network)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _pairs = [.. network.parameters().Concat(network.buffers()).Select(live => (live, live.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>Takes a new copy in place of the one before.</summary>
    public void Take()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((Tensor live, Tensor copy) in _pairs)
        {
            copy.copy_(live);
        }
    }

    /// <summary>Puts the network back to the last copy.</summary>
    public void Restore()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((Tensor live, Tensor copy) in _pairs)
        {
            live.copy_(copy);
        }
    }

    public void Dispose()
    {
        foreach ((_, Tensor copy) in _pairs)
        {
            copy.Dispose();
        }
    }
}
