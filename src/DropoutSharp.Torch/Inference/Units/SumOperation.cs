using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Adds a branch to a shortcut.</summary>
internal sealed class SumOperation(IReadOnlyList<UnitOperation> branch, IReadOnlyList<UnitOperation> shortcut, double scale) : UnitOperation
{
    public override Tensor Run(Tensor input, PassFrame frame)
    {
        using Tensor kept = RunAll(shortcut, input, frame), branched = RunAll(branch, input, frame);
        if (scale == 1)
        {
            return kept.Plus(branched);
        }

        using Scalar factor = scale;
        return kept.add(branched, factor);
    }

    public override IEnumerable<nn.Module<Tensor, Tensor>> ToModules()
    {
        IEnumerable<nn.Module<Tensor, Tensor>> branched = branch.SelectMany(static operation => operation.ToModules());
        if (scale != 1)
        {
            branched = branched.Append(new UnitScale(scale, 0));
        }

        nn.Module<Tensor, Tensor>? through = shortcut.Count == 0 ? null : nn.Sequential(shortcut.SelectMany(static operation => operation.ToModules()));
        return [new Residual(nn.Sequential(branched), through)];
    }

    public override bool IsThin => branch.Concat(shortcut).Any(static operation => operation.IsThin);

    public override double ProductsPerRow => branch.Concat(shortcut).Sum(static operation => operation.ProductsPerRow);

    public override double FullProductsPerRow => branch.Concat(shortcut).Sum(static operation => operation.FullProductsPerRow);

    public override double Weights => branch.Concat(shortcut).Sum(static operation => operation.Weights);

    public override double FullWeights => branch.Concat(shortcut).Sum(static operation => operation.FullWeights);

    public override double CopiedWeights => branch.Concat(shortcut).Sum(static operation => operation.CopiedWeights);

    public override double UncopiedWeights => branch.Concat(shortcut).Sum(static operation => operation.UncopiedWeights);

    public override void Dispose()
    {
        foreach (UnitOperation operation in branch.Concat(shortcut))
        {
            operation.Dispose();
        }

        base.Dispose();
    }
}
