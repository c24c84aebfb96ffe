using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;
using DropoutSharp.Lab.UncertaintyQuality;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Distillation;

/// <summary>Makes a model with dropout into an ensemble of a few of its sub-networks that says what its Monte-Carlo mean says.</summary>
/// <remarks>
/// Sub-networks are chosen one after the other, each time the one that brings the mean nearest to the teacher (Caruana, Niculescu-Mizil, Crew and Ksikes, "Ensemble selection from libraries of models",
/// ICML 2004); then their weights learn the teacher's means together (Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network", 2015; for dropout Bulò, Porzi and Kontschieder, "Dropout
/// distillation", ICML 2016). It needs rows, not targets. A fifth of the rows is kept out of all this and judges; the weights of the epoch that does best there are kept, the first choice among them.
/// </remarks>
public static class Distiller
{
    private const ulong TeacherTag = 1, OrderTag = 2;
    private const int ChunkRows = 1024, BatchRows = 128;

    /// <summary>Distils a model.</summary>
    /// <param name="model">A model with dropout; it stays the caller's.</param>
    /// <param name="data">Rows of the model's columns, best those that it was trained on; of data with a test part that part. Null for the embedded digits.</param>
    /// <param name="destination">The ensemble's folder.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Stops between steps; nothing is saved then.</param>
    /// <exception cref="UserErrorException">The model has no dropout that makes sub-networks, or the rows cannot be used; the message is one sentence.</exception>
    public static DistilledModel Run(Model model, string? data, string destination, DistillationOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (!model.Network.HasDropout)
        {
            throw new UserErrorException($"Distillation needs a model with dropout; this one is {(model.Description.Ensemble is null ? $"of variant {model.Description.Blueprint.Variant}" : "an ensemble already")}.");
        }

        using DisposeScope scope = NewDisposeScope();
        using QualityRows rows = QualityRows.Read(data, model.Description, 0, needsTargets: false);
        if (rows.Count < 5)
        {
            throw new UserErrorException($"Distillation needs at least 5 rows; received {rows.Count}.");
        }

        bool isClassifier = model.Description.Encoder.Target.Task == LearningTask.Classification;
        long[] order = new long[rows.Count];
        RowOrder.Shuffle(MaskStream.DeriveKey(options.Seed, OrderTag), 1, order);
        int judged = rows.Count / 5;
        Tensor features = rows.Features.index_select(0, tensor(order));
        Rows fit = new(features.narrow(0, judged, rows.Count - judged), isClassifier), judge = new(features.narrow(0, 0, judged), isClassifier);
        using (no_grad())
        {
            foreach (Rows part in (Rows[])[fit, judge])
            {
                part.Teach(model.Network, options, MaskStream.DeriveKey(options.Seed, TeacherTag), cancellation);
            }
        }

        int[] chosen = fit.Choose(options.Members);
        ModelDescription description = model.Description with { Calibration = null, Ensemble = new(options.Seed, chosen) };
        using Network ensemble = EnsembleNetwork.Create(description, model.Network);
        double ofChosen = judge.Distance(ensemble);
        double distilled = options.Epochs == 0 ? ofChosen : Learn(ensemble, fit, judge, ofChosen, options, cancellation);
        ModelFolder.Save(destination, description, ensemble);
        double unit = isClassifier ? 1 : model.Description.Encoder.Target.Scale;
        float[] targets = [.. order[..judged].Select(row => rows.Targets[row])];
        bool hasTargets = !targets.Any(float.IsNaN);
        return new DistilledModel(
            destination, chosen, judged, isClassifier ? "kl" : "rmse", unit * judge.Distance(model.Network), unit * judge.Distance([.. Enumerable.Range(0, options.Members)]), unit * ofChosen,
            unit * distilled, hasTargets ? judge.Score(judge.Outputs(ensemble), targets, unit) : null, hasTargets ? judge.Score(judge.Teacher, targets, unit) : null,
            ensemble.ParameterCount, model.Network.ParameterCount);
    }

    private static double Learn(Network ensemble, Rows fit, Rows judge, double start, DistillationOptions options, CancellationToken cancellation)
    {
        using optim.Optimizer optimizer = optim.Adam(ensemble.parameters(), options.LearningRate);
        using NetworkSnapshot best = new(ensemble);
        best.Take();
        double least = start;
        long[] order = new long[fit.Count];
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            RowOrder.Shuffle(MaskStream.DeriveKey(options.Seed, OrderTag), epoch + 1, order);
            foreach (long[] batch in order.Chunk(BatchRows))
            {
                cancellation.ThrowIfCancellationRequested();
                using DisposeScope scope = NewDisposeScope();
                Tensor rows = tensor(batch);
                optimizer.zero_grad();
                fit.Loss(ensemble.call(fit.Features.index_select(0, rows)), fit.Teacher.index_select(0, rows)).backward();
                optimizer.step();
            }

            double distance = judge.Distance(ensemble);
            if (distance < least)
            {
                least = distance;
                best.Take();
            }
        }

        best.Restore();
        return least;
    }

    /// <summary>Rows with what the teacher and the candidates say of them: probabilities of classes, or standardised numbers.</summary>
    private sealed class Rows(Tensor features, bool isClassifier)
    {
        private readonly List<Tensor> _candidates = [];

        public Tensor Features { get; } = features;

        public Tensor Teacher { get; private set; } = features;

        public int Count => (int)Features.shape[0];

        public void Teach(Network network, DistillationOptions options, ulong teacherSeed, CancellationToken cancellation)
        {
            McDropout dropout = new(network);
            Tensor? sum = null;
            foreach (Tensor output in dropout.Stream(Features, new(options.TeacherPasses, teacherSeed, BatchSize: ChunkRows)))
            {
                cancellation.ThrowIfCancellationRequested();
                using Tensor pass = output;
                sum = sum is null ? Said(pass) : sum.Increase(Said(pass));
            }

            Teacher = sum!.Over(options.TeacherPasses); // at least one pass
            foreach (Tensor output in dropout.Stream(Features, new(options.Candidates, options.Seed, IsSharedByRows: true, BatchSize: ChunkRows)))
            {
                cancellation.ThrowIfCancellationRequested();
                using Tensor pass = output;
                _candidates.Add(Said(pass));
            }
        }

        /// <summary>The candidates whose mean is nearest to the teacher, found one by one.</summary>
        public int[] Choose(int members)
        {
            List<int> chosen = [];
            Tensor sum = zeros_like(Teacher);
            while (chosen.Count < members)
            {
                int next = Enumerable.Range(0, _candidates.Count).Except(chosen).MinBy(candidate => Distance(sum.Plus(_candidates[candidate]), chosen.Count + 1));
                sum = sum.Plus(_candidates[next]);
                chosen.Add(next);
            }

            return [.. chosen];
        }

        public double Distance(int[] members) => Distance(members.Aggregate(zeros_like(Teacher), (sum, member) => sum.Plus(_candidates[member])), members.Length);

        public double Distance(nn.Module<Tensor, Tensor> network)
        {
            using DisposeScope scope = NewDisposeScope();
            return Distance(Outputs(network), 1);
        }

        /// <summary>What a network without dropout says.</summary>
        public Tensor Outputs(nn.Module<Tensor, Tensor> network)
        {
            float[] outputs = NetworkOutputs.Compute(network, Features);
            return Said(tensor(outputs).reshape(Count, -1));
        }

        public Tensor Loss(Tensor outputs, Tensor teacher) => isClassifier
            ? -(teacher * outputs.log_softmax(-1)).sum(-1).mean()
            : (outputs - teacher).Squared().mean();

        public double Score(Tensor said, float[] targets, double unit)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor truth = tensor(targets);
            return isClassifier
                ? said.argmax(-1).eq(truth.to(ScalarType.Int64)).to(ScalarType.Float64).mean().item<double>()
                : unit * Math.Sqrt((said.flatten() - truth).Squared().to(ScalarType.Float64).mean().item<double>());
        }

        private Tensor Said(Tensor outputs) => isClassifier ? outputs.softmax(-1) : outputs.clone();

        private double Distance(Tensor sum, int count)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor mean = sum.to(ScalarType.Float64).Over(count), teacher = Teacher.to(ScalarType.Float64);
            return isClassifier
                ? (teacher.xlogy(teacher) - teacher.xlogy(mean.Clamped(double.Epsilon, double.PositiveInfinity))).sum(-1).mean().item<double>()
                : Math.Sqrt((mean - teacher).Squared().mean().item<double>());
        }
    }
}
