using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A stochastic part with a forward of its own: it is called once a pass.</summary>
/// <param name="path">The names that lead to it.</param>
/// <param name="call">Calls it.</param>
/// <param name="sites">The sites of this library below it.</param>
/// <param name="name">What it is called in messages.</param>
internal sealed class PassOpaque(string path, Func<Tensor, Tensor> call, IReadOnlyList<DropoutSite> sites, string name) : PassNode(path)
{
    public override bool IsStochastic => true;

    public override bool IsFreeThreaded => false;

    public override bool IsRowwise => false;

    /// <summary>What it is called in messages.</summary>
    public string Name => name;

    public override PassValue Run(PassValue input, PassFrame frame) =>
        PassValue.Stack([.. Enumerable.Range(0, frame.Count).Select(index => Call(input.Of(index, frame), frame, index))]);

    private Tensor Call(Tensor input, PassFrame frame, int index)
    {
        using IDisposable sample = frame.Sample(sites, index);
        return call(input);
    }
}
