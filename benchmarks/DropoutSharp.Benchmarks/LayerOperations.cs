using DropoutSharp.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>What is done with a square layer and its weights, whole and thinned: half of its inputs and half of its outputs are kept, by one mask.</summary>
/// <remarks>Weights and gradients are those of many layers that take turns, so that they come from memory as in the training of a network that does not fit into the caches; one operation stays with one matrix, as Monte-Carlo passes do.</remarks>
internal sealed class LayerOperations : IDisposable
{
    /// <summary>The rows for which products are timed.</summary>
    public static readonly IReadOnlyList<int> Rows = [32, 128, 512];

    private readonly List<IDisposable> _owned = [];

    /// <summary>The operations of a layer.</summary>
    /// <param name="width">How many inputs and outputs it has.</param>
    public LayerOperations(int width)
    {
        using IDisposable noGraph = no_grad();
        int[] indices = new int[width];
        int[] kept = indices[..new MaskStream(1UL, 0, 0).FillKeptIndices(indices, width, new DropRate(0.5))];
        Submatrix part = new(width, width, 1, kept, kept);
        KeptParts taken = new([part], [width, width]);
        KeptWeights = part.Length;
        Ring<Tensor> weights = OfMatrices(() => randn(width, width)), written = OfMatrices(() => empty(width, width)), put = OfMatrices(() => empty(width, width));
        Ring<Layer> whole = OfMatrices(() => new Layer(width, ones(width, width))), thin = OfMatrices(() => new Layer(width, ones(part.Length)));
        Works = new Dictionary<CostOperation, CostWork>(Rows.Select(rows => KeyValuePair.Create(new CostOperation(CostKind.Products, width, rows), Products(weights, written, width, rows))))
        {
            [new(CostKind.Activate, width, Rows[^1])] = Activate(width, Rows[^1]),
            [new(CostKind.Take, width)] = CostWork.Computing(() => taken.Apply(weights.Next())),
            [new(CostKind.Retake, width)] = CostWork.Computing(() => taken.Apply(weights.Latest)),
            [new(CostKind.Uncopied, width, Rows[0])] = Uncopied(weights, part, Rows[0]),
            [new(CostKind.Put, width)] = CostWork.Changing(() => put.Latest.alias(), () => put.Replace(taken.Gradient.Apply(thin.Next().Gradient))),
            [new(CostKind.Add, width)] = CostWork.Changing(() => thin.Latest.Weight.alias(), () => thin.Next().StepBy(part)),
            [new(CostKind.Step, width)] = CostWork.Changing(() => whole.Latest.Weight.alias(), () => whole.Next().StepByAll()),
        };

        Ring<T> OfMatrices<T>(Func<T> create)
            where T : IDisposable
        {
            Ring<T> ring = new(sizeof(float) * (long)width * width, create);
            _owned.Add(ring);
            return ring;
        }
    }

    /// <summary>How many weights are kept.</summary>
    public long KeptWeights { get; }

    /// <summary>How many products of few rows are computed at once.</summary>
    public int UncopiedAtOnce { get; } = get_num_threads();

    /// <summary>The operations by their names.</summary>
    public IReadOnlyDictionary<CostOperation, CostWork> Works { get; }

    public void Dispose() => _owned.ForEach(static each => each.Dispose());

    private CostWork Activate(int width, int rows)
    {
        Tensor values = randn(rows, width);
        _owned.Add(values);
        return CostWork.Computing(() => values.relu());
    }

    private CostWork Uncopied(Ring<Tensor> weights, Submatrix part, int rows)
    {
        Tensor input = randn(rows, part.KeptColumns);
        _owned.Add(input);
        Tensor weight = weights.Latest;
        return CostWork.Computing(() =>
        {
            // Side by side, a thread each, as passes are.
            Tensor[] outputs = new Tensor[UncopiedAtOnce];
            PassWorkers.Run(outputs.Length, outputs.Length, index => outputs[index] = KeptLinear.Call(input, weight, part, 1, null).DetachFromDisposeScope());
            Tensor all = cat(outputs, 0);
            Array.ForEach(outputs, static output => output.Dispose());
            return all;
        });
    }

    private CostWork Products(Ring<Tensor> weights, Ring<Tensor> written, int width, int rows)
    {
        Tensor input = randn(rows, width), gradient = randn(rows, width);
        _owned.Add(input);
        _owned.Add(gradient);
        return CostWork.Computing(() =>
        {
            Tensor weight = weights.Next();
            using Tensor turned = weight.t(), ofOutputs = gradient.t();
            using Tensor ofInput = gradient.matmul(weight);
            written.Replace(ofOutputs.matmul(input));
            return input.matmul(turned);
        });
    }

    /// <summary>A layer's weights, zeros at first, with an optimiser and the gradient of all of them or of the kept ones.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly ThinnedSgd _optimizer;

        public Layer(int width, Tensor gradient)
        {
            Gradient = gradient;
            Weight = new Parameter(zeros(width, width), requires_grad: true);
            _optimizer = new ThinnedSgd([Weight], 1e-3);
        }

        public Parameter Weight { get; }

        public Tensor Gradient { get; }

        public void StepByAll()
        {
            Weight.grad = Gradient;
            _optimizer.step();
        }

        public void StepBy(Submatrix part)
        {
            KeptGradients.Of(Weight)!.Add([part], 1, Gradient); // the optimiser opened it
            _optimizer.step();
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            Weight.Dispose();
            Gradient.Dispose();
        }
    }
}
