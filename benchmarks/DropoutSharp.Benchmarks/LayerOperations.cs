using DropoutSharp.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>What training does to a square layer's weights, whole and thinned: half of its inputs and half of its outputs are kept, by one mask.</summary>
internal sealed class LayerOperations : IDisposable
{
    /// <summary>The rows for which products are timed.</summary>
    public static readonly IReadOnlyList<int> Rows = [32, 128, 512];

    // Large enough that a step by a gradient of ones changes every weight, however many steps are measured.
    private const double LearningRate = 1e-3;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Parameter _whole, _thin;
    private readonly ThinnedSgd _wholeStep, _thinStep;

    /// <summary>The operations of a layer.</summary>
    /// <param name="width">How many inputs and outputs it has.</param>
    public LayerOperations(int width)
    {
        using IDisposable noGraph = no_grad();
        Tensor weight = randn(width, width), gradient = ones(width, width);
        int[] indices = new int[width];
        int[] kept = indices[..new MaskStream(1UL, 0, 0).FillKeptIndices(indices, width, new DropRate(0.5))];
        Submatrix part = new(width, width, 1, kept, kept);
        KeptParts taken = new([part], [width, width]);
        Tensor values = ones(part.Length);
        (_whole, _thin) = (new Parameter(weight.clone(), requires_grad: true), new Parameter(weight.clone(), requires_grad: true));
        (_wholeStep, _thinStep) = (new ThinnedSgd([_whole], LearningRate), new ThinnedSgd([_thin], LearningRate));
        KeptGradients place = KeptGradients.Of(_thin)!; // the optimiser opened it
        KeptWeights = part.Length;
        Works = new Dictionary<CostOperation, CostWork>(Rows.Select(rows => KeyValuePair.Create(new CostOperation(CostKind.Products, width, rows), Products(weight, rows))))
        {
            [new(CostKind.Take, width)] = CostWork.Computing(() => taken.Apply(weight)),
            [new(CostKind.Put, width)] = CostWork.Computing(() => taken.Gradient.Apply(values)),
            [new(CostKind.Add, width)] = CostWork.Changing(_thin.alias, () =>
            {
                place.Add([part], 1, values);
                _thinStep.step();
            }),
            [new(CostKind.Step, width)] = CostWork.Changing(_whole.alias, () =>
            {
                _whole.grad = gradient;
                _wholeStep.step();
            }),
        };
    }

    /// <summary>How many weights are kept.</summary>
    public long KeptWeights { get; }

    /// <summary>The operations by their names.</summary>
    public IReadOnlyDictionary<CostOperation, CostWork> Works { get; }

    public void Dispose()
    {
        _wholeStep.Dispose();
        _thinStep.Dispose();
        _whole.Dispose();
        _thin.Dispose();
        _scope.Dispose();
    }

    private static CostWork Products(Tensor weight, int rows)
    {
        Tensor input = randn(rows, weight.shape[1]), gradient = randn(rows, weight.shape[0]);
        return CostWork.Computing(() =>
        {
            using Tensor turned = weight.t(), ofOutputs = gradient.t();
            using Tensor ofInput = gradient.matmul(weight), ofWeight = ofOutputs.matmul(input);
            return input.matmul(turned);
        });
    }
}
