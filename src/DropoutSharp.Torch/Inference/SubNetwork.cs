using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Takes one sub-network out of a model with dropout: a smaller model without dropout that predicts as the model does with one mask.</summary>
/// <remarks>
/// <para>
/// A mask that all rows share names a sub-network; its position in the mask stream is that name. Units that the mask drops vanish: their rows and columns are left out of linear layers, convolutions and
/// batch normalisation, and the scale of those that stay goes into the weights. What alpha dropout makes of dropped units goes into biases. Where units cannot vanish, as on the path of
/// a residual block, they are put back as zeros; a branch or layer that is dropped is left out.
/// </para>
/// <para>
/// The model must be one that Monte-Carlo passes can take apart (<see cref="McDropout.Plan"/>), and its dropout of this library. Layers, convolutions and batch normalisation have
/// weights of their own and are in evaluation mode; every other module is shared with the given model.
/// </para>
/// </remarks>
public static class SubNetwork
{
    /// <summary>The sub-network of a position in training, as <see cref="DropoutSites.Seed"/> names it: every site draws at its own number.</summary>
    /// <param name="model">The model; it is left as it was.</param>
    /// <param name="key">The key of the masks.</param>
    /// <param name="step">The step.</param>
    /// <param name="rowShape">The shape of one row of input.</param>
    /// <exception cref="ArgumentException">The model cannot be taken apart, or its masks differ from row to row in a way that no smaller model has; the message names what.</exception>
    public static nn.Module<Tensor, Tensor> At(nn.Module<Tensor, Tensor> model, ulong key, uint step, params ReadOnlySpan<long> rowShape) =>
        Extract(model, site => new MaskStream(key, step, site.Position.Site), rowShape);

    /// <summary>The sub-network of a Monte-Carlo pass whose rows share masks.</summary>
    /// <param name="model">The model; it is left as it was.</param>
    /// <param name="seed">The seed of the passes.</param>
    /// <param name="pass">The pass, counted from 0.</param>
    /// <param name="rowShape">The shape of one row of input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pass is negative.</exception>
    /// <exception cref="ArgumentException">As for <see cref="At"/>.</exception>
    public static nn.Module<Tensor, Tensor> OfPass(nn.Module<Tensor, Tensor> model, ulong seed, int pass, params ReadOnlySpan<long> rowShape)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(pass);
        Dictionary<DropoutSite, int> numbers = DropoutSites.Of(model).Select(static (site, number) => (site.Site, number)).ToDictionary();
        return Extract(model, site => McDropout.PassStream(seed, pass, numbers[site]), rowShape);
    }

    private static nn.Module<Tensor, Tensor> Extract(nn.Module<Tensor, Tensor> model, Func<DropoutSite, MaskStream> position, ReadOnlySpan<long> rowShape)
    {
        ArgumentNullException.ThrowIfNull(model);
        LibtorchRuntime.EnsureLoaded();
        nn.Module[] foreign = [.. model.named_modules().Select(static named => named.module).Append(model).Where(static module => TorchDropouts.Rate(module) is > 0)];
        PassTree tree = PassTree.Of(model, foreign);
        if (tree.Reason is { } reason)
        {
            throw new ArgumentException($"A sub-network needs a model that can be taken apart; {reason}.", nameof(model));
        }

        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using TrainingModes modes = new(model);
        using OnceValues once = new();
        Tensor? like = model.parameters().FirstOrDefault(static parameter => parameter.is_floating_point());
        Tensor row = zeros([1, .. rowShape], like?.dtype ?? ScalarType.Float32, like?.device ?? CPU);
        UnitTrace trace = new(row, false, new PassFrame(new PassDraws((site, _) => position(site), isSharedByRows: true, sharing: 1), [0], 0, once));
        try
        {
            tree.Root.Trace(trace, static (_, _) => null);
            trace.ToFull();
            TorchSharp.Modules.Sequential small = nn.Sequential(trace.Operations.SelectMany(static operation => operation.ToModules()));
            small.eval();
            return small;
        }
        finally
        {
            foreach (UnitOperation operation in trace.Operations)
            {
                operation.Dispose();
            }
        }
    }
}
