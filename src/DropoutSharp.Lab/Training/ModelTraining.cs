using DropoutSharp.Lab.Comparison;
using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Training;

/// <summary>Trains one variant at one rate with one seed, judges it on held-out rows, and saves it.</summary>
public static class ModelTraining
{
    /// <summary>Trains, judges and saves.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">The model and its training.</param>
    /// <param name="path">The model's folder; a model in it is replaced.</param>
    /// <param name="report">Told every epoch's metrics; may be null.</param>
    /// <param name="cancellation">Ends the training between two steps; the best epoch that had finished by then is judged and saved.</param>
    /// <exception cref="UserErrorException">The options do not fit the data, or the folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled in its first epoch: nothing is saved.</exception>
    public static ModelTrainingResult Run(
        PreparedData data, ModelTrainingOptions options, string path, Action<EpochMetrics>? report = null, CancellationToken cancellation = default)
    {
        options.Check();
        Variant variant = VariantCatalog.Find(options.Variant);
        NetworkBlueprint blueprint = new()
        {
            Network = NetworkCatalog.Resolve(options.Network, data.Train.Shape),
            RowShape = data.Train.Shape,
            Outputs = data.Task == LearningTask.Classification ? data.Classes.Count : 1,
            Variant = variant.Id,
            DropRate = variant.IsNone ? 0 : options.DropRate,
        };
        variant.CheckSuits(blueprint.Network);
        int threads = get_num_threads();
        try
        {
            using TensorRows train = new(data.Train, data.Task);
            using TensorRows validation = new(data.Validation, data.Task);
            using TensorRows test = new(data.Test, data.Task);
            TrialKeys keys = new(options.Seed);
            Trainer trainer = new(train, validation, data.Task, data.TargetScale, options.Training);
            using TrainedNetwork trained = trainer.Train(blueprint, keys, report, cancellation, keepsBest: true);
            bool complete = !cancellation.IsCancellationRequested;
            Evaluation evaluation = new Evaluator(data, validation, test, options.MonteCarloPasses).Evaluate(trained.Network, keys.MonteCarlo);
            ModelFolder.Save(
                path,
                new() { Blueprint = blueprint, Encoder = data.Encoder, Seed = options.Seed, Noise = evaluation.Noise, DataName = data.Name, Calibration = evaluation.Calibration },
                trained.Network);
            return new()
            {
                Variant = variant.Id,
                Name = variant.Name,
                DropRate = blueprint.DropRate,
                Network = new(blueprint.Network.Kind!, trained.Network.Description, trained.Network.ParameterCount, blueprint.Network.Activation.ToString().ToLowerInvariant()),
                BestEpoch = trained.BestEpoch,
                Epochs = trained.Epochs,
                Seconds = trained.Seconds,
                LearnedRates = trained.LearnedRates,
                Complete = complete,
                Scores = evaluation.Scores,
            };
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
