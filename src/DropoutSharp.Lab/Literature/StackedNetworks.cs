using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Literature;

/// <summary>Many small regression networks trained at once: every layer of all of them is one batched matrix product.</summary>
/// <remarks>
/// A network of 50 units is too small to occupy a processor: calling the library costs more than the arithmetic. Stacked, one call serves them all. Each network keeps
/// rows, rate, weight decay, and draws of its own, so that what it learns does not depend on what it is stacked with. The gradient is
/// written out (a few products a layer) and Adam runs over one tensor that holds all weights of all networks.
/// </remarks>
public sealed class StackedNetworks : IDisposable
{
    private const int InitialWeightsSite = 1000;
    private const int RowOrderSite = 1001;
    private const ulong PredictionTag = 1;

    private readonly IReadOnlyList<StackedTask> _tasks;
    private readonly StackedOptions _options;
    private readonly int[] _sizes;
    private readonly Tensor _parameters;
    private readonly Tensor[] _weights;
    private readonly Tensor[] _biases;
    private float[] _ones;

    // TorchSharp frees a number that it turned into a Scalar, also the 1 of a plain sum, as soon as nothing refers to it, which may be while the native call
    // still reads it. With many steps on several threads that happens, so every number is held here or at its use.
    private readonly Scalar _one = 1.0;
    private readonly Scalar _zero = 0.0;

    private StackedNetworks(IReadOnlyList<StackedTask> tasks, StackedOptions options, int inputs)
    {
        _tasks = tasks;
        _options = options;
        _sizes = [inputs, .. options.HiddenSizes, 1];
        int total = 0;
        for (int layer = 0; layer + 1 < _sizes.Length; layer++)
        {
            total += (_sizes[layer] + 1) * _sizes[layer + 1];
        }

        _parameters = tensor(InitialParameters(total), [tasks.Count, total]).DetachFromDisposeScope();
        _weights = new Tensor[_sizes.Length - 1];
        _biases = new Tensor[_sizes.Length - 1];
        int start = 0;
        for (int layer = 0; layer < _weights.Length; layer++)
        {
            int rows = _sizes[layer], columns = _sizes[layer + 1];
            _weights[layer] = _parameters.narrow(1, start, rows * columns).view(tasks.Count, rows, columns).DetachFromDisposeScope();
            start += rows * columns;
            _biases[layer] = _parameters.narrow(1, start, columns).view(tasks.Count, 1, columns).DetachFromDisposeScope();
            start += columns;
        }

        _ones = new float[Math.Max(options.BatchSize, 1024) * _sizes.Max()];
        Array.Fill(_ones, 1);
    }

    /// <summary>Trains a stack.</summary>
    /// <param name="tasks">One a network, all with as many rows and features.</param>
    /// <param name="options">How they are trained.</param>
    /// <param name="epochDone">Called after every epoch with its number; may be null.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static StackedNetworks Train(
        IReadOnlyList<StackedTask> tasks, StackedOptions options, Action<int>? epochDone = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(options);
        int rows = tasks[0].Targets.Length, inputs = tasks[0].Features.Length / rows;
        if (tasks.Any(task => task.Targets.Length != rows || task.Features.Length != rows * inputs))
        {
            throw new ArgumentException("All networks of a stack must learn from the same number of rows and features.", nameof(tasks));
        }

        StackedNetworks networks = new(tasks, options, inputs);
        try
        {
            using IDisposable noGradient = no_grad();
            networks.Train(rows, inputs, epochDone, cancellation);
            return networks;
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    /// <summary>Monte-Carlo passes of every network.</summary>
    /// <param name="data">The set.</param>
    /// <param name="rows">For each network the numbers of the rows to predict; as many for each.</param>
    /// <param name="passes">How many passes; 0 predicts once, with dropout off (weight scaling).</param>
    /// <param name="cancellation">Stops between passes.</param>
    /// <returns>For each network its predictions in the target's unit, passes × rows.</returns>
    public double[][] Predict(UciDataset data, IReadOnlyList<IReadOnlyList<int>> rows, int passes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(rows);
        int networks = _tasks.Count, count = rows[0].Count, inputs = _sizes[0], total = Math.Max(1, passes);
        double[][] predictions = new double[networks][];
        float[] encoded = new float[networks * count * inputs];
        for (int network = 0; network < networks; network++)
        {
            predictions[network] = new double[total * count];
            _tasks[network].Encode(data, rows[network]).CopyTo(encoded, network * count * inputs);
        }

        using IDisposable noGradient = no_grad();
        using Tensor once = tensor(encoded, [networks, count, inputs]).DetachFromDisposeScope();
        int atOnce = Math.Clamp(_ones.Length / _sizes.Max() / count, 1, total);
        for (int pass = 0; pass < total; pass += atOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            int now = Math.Min(atOnce, total - pass);
            using DisposeScope scope = NewDisposeScope();
            Tensor hidden = once.repeat(1, now, 1);
            for (int layer = 0; layer < _weights.Length; layer++)
            {
                if (layer > 0)
                {
                    hidden = hidden.relu_();
                }

                if (passes > 0 && Masks(layer, now * count, (uint)pass, PredictionTag) is Tensor masks)
                {
                    hidden = hidden * masks;
                }

                hidden = bmm(hidden, _weights[layer]).add_(_biases[layer], _one);
            }

            using TorchSharp.Utils.TensorAccessor<float> output = hidden.contiguous().data<float>();
            float[] values = output.ToArray();
            for (int network = 0; network < networks; network++)
            {
                StackedTask task = _tasks[network];
                for (int i = 0; i < now * count; i++)
                {
                    predictions[network][(pass * count) + i] = task.TargetMean + (task.TargetScale * values[(network * now * count) + i]);
                }
            }
        }

        return predictions;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor view in (Tensor[])[.. _weights, .. _biases, _parameters])
        {
            view.Dispose();
        }

        _one.Dispose();
        _zero.Dispose();
    }

    private void Train(int rows, int inputs, Action<int>? epochDone, CancellationToken cancellation)
    {
        const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-7;
        int networks = _tasks.Count, stepsPerEpoch = (rows + _options.BatchSize - 1) / _options.BatchSize;
        using DisposeScope outer = NewDisposeScope();
        Tensor features = tensor([.. _tasks.SelectMany(task => task.Features)], [networks, rows, inputs]);
        Tensor targets = tensor([.. _tasks.SelectMany(task => task.Targets)], [networks, rows, 1]);
        Tensor decay = WeightDecay();
        Tensor mean = zeros_like(_parameters), square = zeros_like(_parameters);

        using Scalar keepMean = Beta1, newMean = 1 - Beta1, keepSquare = Beta2, newSquare = 1 - Beta2;
        int step = 0;
        for (int epoch = 0; epoch < _options.Epochs; epoch++)
        {
            using DisposeScope ofEpoch = NewDisposeScope();
            Tensor order = RowOrder(epoch, rows);
            Tensor x = features.gather(1, order.expand(-1, -1, inputs)), y = targets.gather(1, order);
            for (int first = 0; first < rows; first += _options.BatchSize)
            {
                cancellation.ThrowIfCancellationRequested();
                using DisposeScope ofStep = NewDisposeScope();
                int count = Math.Min(_options.BatchSize, rows - first);
                using Scalar errorScale = 2.0 / count;
                Tensor gradient = Gradient(x.narrow(1, first, count), y.narrow(1, first, count), count, (uint)step, errorScale);
                gradient.addcmul_(_parameters, decay, _one);
                step++;
                mean.mul_(keepMean).add_(gradient, newMean);
                square.mul_(keepSquare).addcmul_(gradient, gradient, newSquare);
                double progress = (double)step / ((double)_options.Epochs * stepsPerEpoch);
                double rate = _options.LearningRate * (_options.Cosine ? 0.5 * (1 + Math.Cos(Math.PI * progress)) : 1);
                double unbias = Math.Sqrt(1 - Math.Pow(Beta2, step));
                using Scalar epsilon = Epsilon * unbias, descent = -rate * unbias / (1 - Math.Pow(Beta1, step));
                _parameters.addcdiv_(mean, square.sqrt().add_(epsilon, _one), descent);
            }

            epochDone?.Invoke(epoch);
        }
    }

    /// <summary>The gradient of each network's mean squared error, laid out as the parameters are.</summary>
    private Tensor Gradient(Tensor x, Tensor y, int count, uint step, Scalar errorScale)
    {
        int layers = _weights.Length;
        Tensor[] inputs = new Tensor[layers];
        Tensor?[] masks = new Tensor?[layers];
        Tensor hidden = x;
        for (int layer = 0; layer < layers; layer++)
        {
            if (layer > 0)
            {
                hidden = hidden.relu_();
            }

            masks[layer] = Masks(layer, count, step, null);
            inputs[layer] = masks[layer] is Tensor mask ? hidden * mask : hidden;
            hidden = bmm(inputs[layer], _weights[layer]).add_(_biases[layer], _one);
        }

        Tensor[] parts = new Tensor[2 * layers];
        Tensor error = hidden.sub_(y).mul_(errorScale);
        for (int layer = layers - 1; layer >= 0; layer--)
        {
            parts[2 * layer] = bmm(inputs[layer].transpose(1, 2), error).view(_tasks.Count, -1);
            parts[(2 * layer) + 1] = error.sum(1);
            if (layer > 0)
            {
                // A masked activation is positive where unit and mask both let the error through; the mask carries the scale.
                error = bmm(error, _weights[layer].transpose(1, 2)).mul_(inputs[layer].gt(_zero));
                if (masks[layer] is Tensor mask)
                {
                    error = error.mul_(mask);
                }
            }
        }

        return cat(parts, 1);
    }

    /// <summary>The masks of one site in every network, with the inverted scale; null where nothing is dropped.</summary>
    private Tensor? Masks(int site, int rows, uint step, ulong? tag)
    {
        if (_tasks.All(task => task.DropRate.KeepsAll))
        {
            return null;
        }

        int width = _sizes[site], each = rows * width;
        if (each > _ones.Length)
        {
            _ones = new float[each];
            Array.Fill(_ones, 1);
        }

        Tensor masks = empty(_tasks.Count, rows, width);
        Span<float> values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(masks.bytes);
        for (int network = 0; network < _tasks.Count; network++)
        {
            StackedTask task = _tasks[network];
            ulong key = tag is ulong use ? MaskStream.DeriveKey(task.Key, use) : task.Key;
            DropoutPrimitives.Dropout<float>(
                _ones.AsSpan(0, each), values.Slice(network * each, each), task.DropRate, new MaskStream(key, step, (uint)site));
        }

        return masks;
    }

    private Tensor WeightDecay()
    {
        Tensor decay = zeros_like(_parameters);
        Tensor perNetwork = tensor([.. _tasks.Select(task => (float)(2 * task.WeightDecay))], [_tasks.Count, 1]);
        int start = 0;
        for (int layer = 0; layer < _weights.Length; layer++)
        {
            // Weights decay, biases do not.
            int count = _sizes[layer] * _sizes[layer + 1];
            decay.narrow(1, start, count).copy_(perNetwork.expand(-1, count));
            start += count + _sizes[layer + 1];
        }

        return decay;
    }

    private Tensor RowOrder(int epoch, int rows)
    {
        long[] order = new long[_tasks.Count * rows];
        double[] draws = new double[rows];
        for (int network = 0; network < _tasks.Count; network++)
        {
            MaskStream stream = new(_tasks[network].Key, (uint)epoch, RowOrderSite);
            Span<long> ofNetwork = order.AsSpan(network * rows, rows);
            for (int row = 0; row < rows; row++)
            {
                draws[row] = stream.Uniform(row);
                ofNetwork[row] = row;
            }

            draws.AsSpan().Sort(ofNetwork);
        }

        return tensor(order, [_tasks.Count, rows, 1]);
    }

    /// <summary>Uniform within ±√(6/(inputs + outputs)) (Glorot and Bengio 2010); biases 0.</summary>
    private float[] InitialParameters(int total)
    {
        float[] parameters = new float[_tasks.Count * total];
        for (int network = 0; network < _tasks.Count; network++)
        {
            MaskStream stream = new(_tasks[network].Key, 0, InitialWeightsSite);
            int at = network * total, drawn = 0;
            for (int layer = 0; layer + 1 < _sizes.Length; layer++)
            {
                double limit = Math.Sqrt(6.0 / (_sizes[layer] + _sizes[layer + 1]));
                for (int i = 0; i < _sizes[layer] * _sizes[layer + 1]; i++)
                {
                    parameters[at++] = (float)(limit * ((2 * stream.Uniform(drawn++)) - 1));
                }

                at += _sizes[layer + 1];
            }
        }

        return parameters;
    }
}
