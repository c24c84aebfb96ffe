using System.Diagnostics;
using DropoutSharp.Lab.Data;
using DropoutSharp.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Literature;

/// <summary>Sparse variational dropout on a classifier of three layers, as in Molchanov, Ashukha and Vetrov (2017): LeNet-300-100.</summary>
public static class SparseNetwork
{
    private const double InitialLogVariance = -8;

    /// <summary>Trains, prunes and shrinks the network.</summary>
    /// <param name="data">Rows of classes; test rows judge and nothing else.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="epochDone">Told the epoch, its mean training loss and the compression that pruning would reach; may be null.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="UserErrorException">The data are no classification.</exception>
    public static SparseNetworkResult Run(
        PreparedData data, SparseNetworkOptions options, Action<int, double, double>? epochDone = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        if (data.Task != LearningTask.Classification)
        {
            throw new UserErrorException($"Data must have classes as their target; '{data.Target}' of {data.Name} is a number.");
        }

        using DisposeScope scope = NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        int inputs = data.Train.Shape.Aggregate(1, (product, size) => product * size);
        Sequential network = Build(inputs, data.Classes.Count, options.Seed);
        Tensor features = tensor(data.Train.Features, [data.Train.Count, inputs]);
        Tensor targets = tensor(Array.ConvertAll(data.Train.Targets, target => (long)target));
        Train(network, features, targets, options, epochDone, cancellation);
        network.eval();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        using IDisposable noGradient = no_grad();
        Tensor test = tensor(data.Test.Features, [data.Test.Count, inputs]);
        Tensor truth = tensor(Array.ConvertAll(data.Test.Targets, target => (long)target));
        double whole = Error(network.call(test), truth);
        PruningReport report = VariationalPruning.Prune(network);
        Tensor pruned = network.call(test);
        Sequential small = DenseExport.Shrink(network);
        Linear[] layers = [.. small.children().OfType<Linear>()];
        return new SparseNetworkResult(
            data.Name, options.Epochs, whole, Error(pruned, truth), report.Compression, report.Layers,
            [inputs, .. layers.Select(layer => layer.out_features)], report.Weights * sizeof(float),
            layers.Sum(layer => CompressedRows.From(layer.weight!).ByteCount + (layer.out_features * sizeof(float))),
            (pruned - small.call(test)).abs().max().item<float>(), seconds);
    }

    private static Sequential Build(int inputs, int classes, ulong seed)
    {
        manual_seed((long)(MaskStream.DeriveKey(seed, 0) >> 1)); // first weights
        VariationalOptions sparse = new(InitialLogVariance: InitialLogVariance);
        ulong noise = MaskStream.DeriveKey(seed, 1);
        return nn.Sequential(
            ("dense1", new VariationalLinear(inputs, 300, sparse, seed: noise, site: 0)), ("relu1", nn.ReLU()),
            ("dense2", new VariationalLinear(300, 100, sparse, seed: noise, site: 1)), ("relu2", nn.ReLU()),
            ("dense3", new VariationalLinear(100, classes, sparse, seed: noise, site: 2)));
    }

    private static void Train(
        Sequential network, Tensor features, Tensor targets, SparseNetworkOptions options, Action<int, double, double>? epochDone, CancellationToken cancellation)
    {
        using optim.Optimizer optimizer = optim.Adam(network.parameters(), options.LearningRate);
        int rows = (int)features.shape[0], stepsPerEpoch = (rows + options.BatchSize - 1) / options.BatchSize;
        long step = 0, steps = (long)options.Epochs * stepsPerEpoch;
        network.train();
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            int[] shuffled = UciReproduction.Shuffled([.. Enumerable.Range(0, rows)], MaskStream.DeriveKey(MaskStream.DeriveKey(options.Seed, 2), (ulong)epoch));
            using DisposeScope ofEpoch = NewDisposeScope();
            Tensor order = tensor(Array.ConvertAll(shuffled, row => (long)row));
            double loss = 0;
            for (int first = 0; first < rows; first += options.BatchSize, step++)
            {
                cancellation.ThrowIfCancellationRequested();
                using DisposeScope ofStep = NewDisposeScope();
                foreach (var group in optimizer.ParamGroups)
                {
                    group.LearningRate = options.LearningRate * (1 - ((double)step / steps));
                }

                Tensor chosen = order.narrow(0, first, Math.Min(options.BatchSize, rows - first));
                optimizer.zero_grad();
                Tensor likelihood = nn.functional.cross_entropy(network.call(features.index_select(0, chosen)), targets.index_select(0, chosen));
                double warmUp = LearnedWarmUp.Linear(step, (long)options.WarmUpEpochs * stepsPerEpoch);
                likelihood.Plus(LearnedRegularizer.Of(network, rows, warmUp: warmUp)).backward();
                optimizer.step();
                loss += likelihood.item<float>() * chosen.shape[0];
            }

            epochDone?.Invoke(epoch + 1, loss / rows, Compression(network));
        }
    }

    private static double Compression(Sequential network)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        VariationalLayer[] layers = [.. network.children().OfType<VariationalLayer>()];
        using Scalar threshold = 3;
        return (double)layers.Sum(layer => layer.WeightCount) / layers.Sum(layer => layer.LogAlpha().le(threshold).sum().item<long>());
    }

    private static double Error(Tensor scores, Tensor truth) => scores.argmax(1).ne(truth).to(ScalarType.Float64).mean().item<double>();
}
