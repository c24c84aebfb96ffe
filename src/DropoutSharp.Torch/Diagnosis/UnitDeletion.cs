using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Watches one layer of a model, and deletes units of what it puts out.</summary>
internal sealed class UnitDeletion : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly string _layer;
    private readonly Action _remove;
    private Tensor? _deleted;
    private Tensor? _output;

    public UnitDeletion(nn.Module<Tensor, Tensor> model, string layer)
    {
        (_model, _layer) = (model, layer);
        var entries = ModulePaths.Of(model);
        nn.Module module = entries.FirstOrDefault(entry => entry.Path == layer).Module
            ?? throw new ArgumentException(
                $"Layer must be one of {string.Join(", ", entries.Where(entry => entry.Path.Length > 0).Select(entry => $"'{entry.Path}'"))}; received '{layer}'.", nameof(layer));
        if (module is not nn.Module<Tensor, Tensor> tensorModule)
        {
            throw new ArgumentException($"Layer must take one tensor and give one; '{layer}' is a {module.GetName()}.", nameof(layer));
        }

        var hook = tensorModule.register_forward_hook((_, _, output) =>
        {
            using TorchSharp.Scalar nothing = 0;
            _output?.Dispose();
            _output = output.detach().DetachFromDisposeScope();
            return _deleted is null ? output.alias() : output.masked_fill(Shaped(_deleted, output), nothing);
        });
        _remove = hook.remove;
    }

    /// <summary>What the layer put out last, before deletion: rows × units.</summary>
    public Tensor Activations()
    {
        Tensor output = _output ?? throw new InvalidOperationException(
            $"Layer '{_layer}' must be run through call() when the model is; it was not.");
        using var scope = NewDisposeScope();
        return output.movedim([UnitDimension(output)], [-1]).reshape(-1, output.size(UnitDimension(output))).to(float64).MoveToOuterDisposeScope();
    }

    /// <summary>The model's output with some units of the layer set to 0.</summary>
    /// <param name="inputs">A batch.</param>
    /// <param name="deleted">One bool a unit; null deletes none.</param>
    public Tensor Run(Tensor inputs, Tensor? deleted)
    {
        _deleted = deleted;
        try
        {
            return _model.call(inputs);
        }
        finally
        {
            _deleted = null;
        }
    }

    public void Dispose()
    {
        _remove();
        _output?.Dispose();
    }

    /// <summary>Features come last in a table or a sequence (N, F) or (N, T, F), and second in maps (N, C, H, W).</summary>
    private static int UnitDimension(Tensor output) => output.dim() is 2 or >= 4 ? 1 : (int)output.dim() - 1;

    private static Tensor Shaped(Tensor deleted, Tensor output)
    {
        var shape = new long[output.dim()];
        Array.Fill(shape, 1);
        shape[UnitDimension(output)] = deleted.numel();
        return deleted.reshape(shape);
    }
}
