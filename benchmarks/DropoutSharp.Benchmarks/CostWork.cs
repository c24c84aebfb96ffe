using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>An operation that can be timed, and looked at.</summary>
/// <param name="Run">Does it.</param>
/// <param name="Result">Does it and gives what it computed or changed, to be disposed by the caller: what it does can be told from that.</param>
internal sealed record CostWork(Action Run, Func<Tensor> Result)
{
    /// <summary>One that computes a tensor.</summary>
    public static CostWork Computing(Func<Tensor> compute) => new(() => compute().Dispose(), compute);

    /// <summary>One that changes a tensor.</summary>
    /// <param name="changed">Gives what it changes.</param>
    /// <param name="change">Changes it.</param>
    public static CostWork Changing(Func<Tensor> changed, Action change) => new(change, () =>
    {
        change();
        return changed();
    });
}
