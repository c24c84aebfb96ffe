using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;
using DropoutSharp.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DropoutSharp.Lab.Claims;

/// <summary>How the small networks of the experiments are trained: AdamW, a learning rate that falls linearly to 0, a fixed number of steps.</summary>
/// <param name="Steps">How many.</param>
/// <param name="BatchSize">Rows a step, at most.</param>
/// <param name="LearningRate">At the first step.</param>
/// <param name="WeightDecay">AdamW's.</param>
internal sealed record ClaimTraining(int Steps, int BatchSize = 64, double LearningRate = 2e-3, double WeightDecay = 0)
{
    private const ulong OrderTag = 1;
    private const ulong WeightsTag = 2;
    private const ulong MasksTag = 3;

    /// <summary>Sets first weights and masks by a key, and trains on classes.</summary>
    /// <param name="model">Takes rows, gives logits.</param>
    /// <param name="rows">Rows to learn from.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="key">Decides first weights, masks and the order of rows.</param>
    /// <param name="cancellation">Ends the training between two steps.</param>
    /// <param name="penalty">Added to the loss; null for none. Takes the step.</param>
    /// <param name="beforeStep">Called before each step, as for a schedule of rates; null for none.</param>
    /// <returns>The mean training loss of the last tenth of the steps, dropout on.</returns>
    public double Run(
        nn.Module<Tensor, Tensor> model,
        Tensor rows,
        Tensor labels,
        ulong key,
        CancellationToken cancellation,
        Func<int, Tensor>? penalty = null,
        Action<int>? beforeStep = null)
    {
        Begin(model, key);
        return Continue(model, rows, labels, key, cancellation, penalty, beforeStep);
    }

    /// <summary>As <see cref="Run"/>, for targets that are numbers: mean squared error.</summary>
    public double Regress(nn.Module<Tensor, Tensor> model, Tensor rows, Tensor targets, ulong key, CancellationToken cancellation)
    {
        Begin(model, key);
        return Continue(model, rows, targets, key, cancellation, null, null);
    }

    /// <summary>Trains from the weights that the model has.</summary>
    public double Continue(
        nn.Module<Tensor, Tensor> model,
        Tensor rows,
        Tensor labels,
        ulong key,
        CancellationToken cancellation,
        Func<int, Tensor>? penalty = null,
        Action<int>? beforeStep = null)
    {
        using var scope = NewDisposeScope();
        using AdamW optimizer = new(model, WeightDecay);
        var order = new long[rows.shape[0]];
        int batch = Math.Min(BatchSize, order.Length), at = order.Length, epoch = 0, counted = 0;
        double loss = 0;
        ulong orderKey = MaskStream.DeriveKey(key, OrderTag);
        model.train();
        for (int step = 0; step < Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (at + batch > order.Length)
            {
                RowOrder.Shuffle(orderKey, epoch++, order);
                at = 0;
            }

            beforeStep?.Invoke(step);
            using var stepScope = NewDisposeScope();
            Tensor chosen = tensor(order[at..(at + batch)]);
            at += batch;
            Tensor output = model.call(rows.index_select(0, chosen)), target = labels.index_select(0, chosen);
            Tensor data = labels.dtype == ScalarType.Int64 ? functional.cross_entropy(output, target) : functional.mse_loss(output, target);
            Tensor total = penalty is null ? data : data.Plus(penalty(step));
            total.backward();
            optimizer.Step(LearningRate * (1 - ((double)step / Steps)));
            if (step >= Steps - Math.Max(1, Steps / 10))
            {
                loss += data.item<float>();
                counted++;
            }
        }

        model.eval();
        return loss / counted;
    }

    /// <summary>First weights and masks.</summary>
    public static void Begin(nn.Module model, ulong key)
    {
        WeightInitializer.Initialize(model, Activation.Relu, MaskStream.DeriveKey(key, WeightsTag));
        Torch.DropoutSites.Seed(model, MaskStream.DeriveKey(key, MasksTag));
    }
}
