using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Computes the remembered statistics of every BatchNorm anew, with dropout off: the repair of a normalisation clash.</summary>
public static class BatchNormStatistics
{
    /// <summary>Runs batches through a model and sets every BatchNorm's running mean and variance to those of what it then saw.</summary>
    /// <param name="model">A trained model.</param>
    /// <param name="batches">Training inputs; each batch needs at least two values a channel. All of them are counted alike, value for value.</param>
    /// <returns>How many BatchNorm layers were set; 0 where the model has none that remember.</returns>
    /// <exception cref="ArgumentException">There are no batches.</exception>
    /// <exception cref="InvalidOperationException">A BatchNorm was not run through <c>call()</c>.</exception>
    /// <remarks>
    /// While it runs, BatchNorm layers normalise by their batch, as in training, and everything else is in evaluation mode: dropout drops nothing. The new
    /// statistics are exact over all batches (mean, and unbiased variance), not a moving average. Weights do not change, and the modes are given back.
    /// Li et al., CVPR 2019, section 5; Wu and Johnson, "Rethinking 'batch' in BatchNorm", 2021.
    /// </remarks>
    public static int Recompute(nn.Module<Tensor, Tensor> model, IEnumerable<Tensor> batches)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var modes = new TrainingModes(model);
        List<Collected> layers = [.. ModulePaths.Of(model)
            .Where(entry => entry.Module is TorchSharp.Modules.BatchNorm { track_running_stats: true })
            .Select(entry => new Collected(entry.Path, (TorchSharp.Modules.BatchNorm)entry.Module))];
        if (layers.Count == 0)
        {
            return 0;
        }

        try
        {
            bool any = false;
            foreach (Tensor batch in batches)
            {
                using var step = NewDisposeScope();
                model.call(batch);
                any = true;
            }

            if (!any)
            {
                throw new ArgumentException("There must be at least one batch; received none.", nameof(batches));
            }

            if (layers.Find(layer => layer.Count == 0) is { } silent)
            {
                throw new InvalidOperationException($"BatchNorm '{silent.Path}' must be run through call() when the model is; it was not.");
            }
        }
        catch
        {
            layers.ForEach(layer => layer.GiveBack());
            throw;
        }
        finally
        {
            layers.ForEach(layer => layer.Remove());
        }

        layers.ForEach(layer => layer.Set());
        return layers.Count;
    }

    private sealed class Collected
    {
        private readonly TorchSharp.Modules.BatchNorm _layer;
        private readonly Tensor _oldMean;
        private readonly Tensor _oldVariance;
        private readonly Tensor _sum;
        private readonly Tensor _squares;

        public Collected(string path, TorchSharp.Modules.BatchNorm layer)
        {
            (Path, _layer) = (path, layer);
            Tensor mean = layer.running_mean!;
            (_oldMean, _oldVariance) = (mean.clone(), layer.running_var!.clone());
            (_sum, _squares) = (zeros_like(mean, float64), zeros_like(mean, float64));
            layer.train();
            var hook = layer.register_forward_pre_hook((_, input) =>
            {
                using var scope = NewDisposeScope();
                // Around the old mean, which is near the new one, so that squares lose no digits.
                Tensor values = input.to(float64).movedim([1], [0]).flatten(1) - _oldMean.to(float64).unsqueeze(1);
                _sum.Increase(values.sum(1));
                _squares.Increase(values.Squared().sum(1));
                Count += values.size(1);
                return input;
            });
            Remove = hook.remove;
        }

        public string Path { get; }

        public long Count { get; private set; }

        public Action Remove { get; }

        public void GiveBack() => Write(_oldMean, _oldVariance);

        public void Set()
        {
            Tensor shift = _sum.Over(Count);
            Tensor variance = (_squares.Over(Count) - shift.Squared()).Times((double)Count / Math.Max(1, Count - 1));
            Write(_oldMean.Plus(shift), variance.relu());
        }

        private void Write(Tensor mean, Tensor variance)
        {
            _layer.running_mean!.copy_(mean);
            _layer.running_var!.copy_(variance);
        }
    }
}
