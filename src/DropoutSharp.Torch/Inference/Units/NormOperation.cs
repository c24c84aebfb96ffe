using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Batch normalisation, in evaluation, of the kept units.</summary>
internal sealed class NormOperation : UnitOperation
{
    private readonly BatchNorm _norm;
    private readonly Tensor _mean;
    private readonly Tensor _variance;
    private readonly Tensor? _weight;
    private readonly Tensor? _bias;

    public NormOperation(BatchNorm norm, int[] kept)
    {
        _norm = norm;
        using IDisposable noGradient = no_grad();
        _mean = Part(norm.running_mean!, kept); // kept by UnitNorm's norms
        _variance = Part(norm.running_var!, kept);
        _weight = norm.weight is null ? null : Part(norm.weight, kept);
        _bias = norm.bias is null ? null : Part(norm.bias, kept);
    }

    public override Tensor Run(Tensor input, PassFrame frame) =>
        nn.functional.batch_norm(input, _mean, _variance, _weight, _bias, training: false, momentum: 0, eps: _norm.eps);

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules()
    {
        long units = _mean.size(0);
        bool isAffine = _weight is not null;
        BatchNorm copy = _norm switch
        {
            BatchNorm1d => nn.BatchNorm1d(units, _norm.eps, _norm.momentum ?? 0.1, isAffine, dtype: _mean.dtype, device: _mean.device),
            BatchNorm2d => nn.BatchNorm2d(units, _norm.eps, _norm.momentum ?? 0.1, isAffine, dtype: _mean.dtype, device: _mean.device),
            _ => nn.BatchNorm3d(units, _norm.eps, _norm.momentum ?? 0.1, isAffine, dtype: _mean.dtype, device: _mean.device),
        };
        using IDisposable noGradient = no_grad();
        copy.running_mean!.copy_(_mean); // made with statistics
        copy.running_var!.copy_(_variance);
        copy.weight?.copy_(_weight!); // both have it or neither
        copy.bias?.copy_(_bias!);
        return [copy];
    }

    /// <summary>The same normalisation with numbers of its own.</summary>
    public static nn.Module<Tensor, Tensor> Copy(BatchNorm norm)
    {
        int[] all = [.. Enumerable.Range(0, checked((int)norm.running_mean!.size(0)))]; // it tracks them
        using NormOperation whole = new(norm, all);
        return whole.ToModules().First();
    }

    public override void Dispose()
    {
        _mean.Dispose();
        _variance.Dispose();
        _weight?.Dispose();
        _bias?.Dispose();
        base.Dispose();
    }

    private static Tensor Part(Tensor whole, int[] kept)
    {
        using Tensor detached = whole.detach();
        return Gather.Units(detached, 0, kept).DetachFromDisposeScope();
    }
}
