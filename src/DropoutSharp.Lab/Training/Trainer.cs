using System.Diagnostics;
using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DropoutSharp.Lab.Training;

/// <summary>Trains a network on training rows and keeps the weights that do best on validation rows.</summary>
/// <remarks>Several trainings can run at once, each on a thread of its own; none shares anything that changes with another.</remarks>
public sealed class Trainer
{
    private readonly TensorRows _train;
    private readonly TensorRows _validation;
    private readonly LearningTask _task;
    private readonly double _targetScale;
    private readonly TrainingOptions _options;

    /// <summary>A trainer for a data set.</summary>
    /// <param name="train">Rows that are learned from; at least 1.</param>
    /// <param name="validation">Rows that decide when to stop; at least 1.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="targetScale">What regression targets were divided by, to report errors in their own unit.</param>
    /// <param name="options">How to train.</param>
    public Trainer(TensorRows train, TensorRows validation, LearningTask task, double targetScale, TrainingOptions options)
    {
        options.Check();
        (_train, _validation, _task, _targetScale) = (train, validation, task, targetScale);
        _options = options.ResolveFor(train.Count, isImage: train.Features.dim() == 4);
    }

    /// <summary>Builds and trains a network.</summary>
    /// <param name="blueprint">The network.</param>
    /// <param name="keys">Decide first weights, row order and masks.</param>
    /// <param name="report">Told every epoch's metrics; may be null.</param>
    /// <param name="cancellation">Ends the training between two steps.</param>
    /// <param name="keepsBest">Whether a cancelled training returns the weights of the best epoch that it finished; otherwise it returns nothing.</param>
    /// <returns>The network, which the caller disposes.</returns>
    /// <exception cref="OperationCanceledException">The training was cancelled, and nothing is to be kept or no epoch had finished.</exception>
    public TrainedNetwork Train(
        NetworkBlueprint blueprint, TrialKeys keys, Action<EpochMetrics>? report, CancellationToken cancellation, bool keepsBest = false)
    {
        if (blueprint.Network.Norm == Normalization.Batch && _train.Count / StepsPerEpoch < 2)
        {
            throw new UserErrorException($"Batches must have at least 2 rows each for batch normalisation; received {_train.Count} rows in batches of at most {_options.BatchSize}.");
        }

        set_num_threads(_options.Threads);
        using DisposeScope scope = NewDisposeScope();
        Network network = blueprint.Build(keys.Weights, keys.Masks);
        try
        {
            long start = Stopwatch.GetTimestamp();
            (int bestEpoch, List<EpochMetrics> epochs) = Train(network, keys.RowOrder, report, cancellation, keepsBest);
            network.eval();
            foreach (Tensor tensor in network.parameters().Concat(network.buffers()))
            {
                tensor.DetachFromDisposeScope();
            }

            return new TrainedNetwork(network, bestEpoch, epochs, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private (int BestEpoch, List<EpochMetrics> Epochs) Train(
        Network network, ulong rowOrderKey, Action<EpochMetrics>? report, CancellationToken cancellation, bool keepsBest)
    {
        using AdamW optimizer = new(network, _options.WeightDecay);
        using NetworkSnapshot best = new(network);
        LearningRateSchedule schedule = new(_options, StepsPerEpoch);
        long[] order = new long[_train.Count];
        List<EpochMetrics> epochs = [];
        bool stopsEarly = _options.Patience > 0, stopped = false;
        (int bestEpoch, double bestLoss) = (0, double.PositiveInfinity);
        for (int epoch = 1; epoch <= _options.Epochs && !(stopsEarly && epoch - bestEpoch > _options.Patience); epoch++)
        {
            network.train();
            RowOrder.Shuffle(rowOrderKey, epoch, order);
            double trainLoss;
            try
            {
                trainLoss = RunEpoch(network, optimizer, schedule, order, epoch, cancellation);
            }
            catch (OperationCanceledException) when (keepsBest && bestEpoch > 0)
            {
                stopped = true;
                break;
            }

            network.eval();
            (double loss, double score) = Validate(network);
            if (loss < bestLoss || !stopsEarly)
            {
                (bestEpoch, bestLoss) = (epoch, loss);
                if (stopsEarly || keepsBest)
                {
                    best.Take();
                }
            }

            IReadOnlyList<(string Path, double DropRate)> learned = LearnedDropout.Rates(network);
            EpochMetrics metrics = new(epoch, trainLoss, loss, score, schedule.RateAfter(epoch * StepsPerEpoch))
            {
                LearnedRates = learned.Count == 0 ? null : [.. learned.Select(rate => rate.DropRate)],
            };
            epochs.Add(metrics);
            report?.Invoke(metrics);
        }

        if (stopsEarly || stopped)
        {
            best.Restore();
        }

        return (bestEpoch, epochs);
    }

    private int StepsPerEpoch => (_train.Count + _options.BatchSize - 1) / _options.BatchSize;

    private double RunEpoch(
        Network network, AdamW optimizer, LearningRateSchedule schedule, long[] order, int epoch, CancellationToken cancellation)
    {
        using DisposeScope epochScope = NewDisposeScope();
        using Tensor rows = tensor(order);
        double totalLoss = 0;
        int steps = StepsPerEpoch;
        bool learns = LearnedDropout.Of(network).Count > 0;
        for (int step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope stepScope = NewDisposeScope();
            long first = (long)step * _train.Count / steps, count = ((step + 1L) * _train.Count / steps) - first;
            Tensor chosen = rows.narrow(0, first, count);
            Tensor output = network.call(_train.Features.index_select(0, chosen));
            Tensor loss = Loss(output, _train.Targets.index_select(0, chosen));
            (learns ? loss.Plus(LearnedPrice(network, loss, ((epoch - 1L) * steps) + step)) : loss).backward();
            optimizer.Step(schedule.RateAfter(((epoch - 1) * steps) + step));
            totalLoss += loss.item<float>() * count;
        }

        return totalLoss / _train.Count;
    }

    /// <summary>
    /// What learned dropout pays, on the scale of the loss; it comes into force over the first tenth of the training, that of sparse noise over the first two fifths: sooner, weights
    /// are given up before it is known which are needed.
    /// </summary>
    /// <remarks>
    /// Cross-entropy is a mean negative log-likelihood, to which the regulariser belongs as it is. A squared error is 2/τ times one; the noise precision τ is
    /// taken to be what the error itself says, one over it.
    /// </remarks>
    private Tensor LearnedPrice(Network network, Tensor loss, long step)
    {
        bool isSparse = LearnedDropout.Of(network).Any(static found => found.Module is VariationalLayer { Options.Kind: VariationalKind.Sparse });
        long steps = (long)_options.Epochs!.Value * StepsPerEpoch;
        Tensor price = LearnedRegularizer.Of(network, _train.Count, warmUp: LearnedWarmUp.Linear(step, isSparse ? 2 * steps / 5 : steps / 10));
        return _task == LearningTask.Classification ? price : (price * loss.detach()).Times(2);
    }

    private Tensor Loss(Tensor output, Tensor targets) => _task == LearningTask.Classification
        ? functional.cross_entropy(output, targets)
        : functional.mse_loss(output, targets);

    private (double Loss, double Score) Validate(Network network)
    {
        float[] outputs = NetworkOutputs.Compute(network, _validation.Features);
        return _task == LearningTask.Classification
            ? Classes.LossAndAccuracy(outputs, _validation.TargetValues)
            : SquaredError(outputs, _validation.TargetValues);
    }

    private (double Loss, double Score) SquaredError(float[] outputs, float[] targets)
    {
        double sum = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            double error = (double)outputs[i] - targets[i];
            sum += error * error;
        }

        double mean = sum / targets.Length;
        return (mean, Math.Sqrt(mean) * _targetScale);
    }
}
