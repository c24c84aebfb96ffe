using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Comparison;

/// <summary>One comparison while it runs: its trainings, who works on them, and what has finished.</summary>
internal sealed class ComparisonRun : IDisposable
{
    private readonly PreparedData _data;
    private readonly ComparisonOptions _options;
    private readonly RunFolder? _folder;
    private readonly CancellationToken _cancellation;
    private readonly Scoring _scoring;
    private readonly TrialRunner _runner;
    private readonly IReadOnlyList<Candidate> _candidates;
    private readonly IReadOnlyList<Trial> _trials;
    private readonly Dictionary<Trial, TrialRecord> _records = [];
    private readonly BestNetworks _best;
    private readonly ProgressReporter _reporter;

    public ComparisonRun(
        PreparedData data, ComparisonOptions options, IProgress<ComparisonProgress>? progress, RunFolder? folder, CancellationToken cancellation)
    {
        (_data, _options, _folder, _cancellation) = (data, options, folder, cancellation);
        _scoring = Scoring.Parse(options.RankedBy!, data.Task);
        _best = new BestNetworks(_scoring);
        _candidates = Candidate.All(options);

        // Seed by seed, so that a comparison that is stopped early has the same seeds of every candidate.
        _trials = [.. options.Seeds.SelectMany(seed => _candidates.Select(candidate => new Trial(candidate, seed)))];
        foreach (Trial trial in _trials)
        {
            if (folder?.Find(trial) is { } record)
            {
                _records[trial] = record;
            }
        }

        _reporter = new ProgressReporter(progress, options.Training, _trials.Count, _records.Count);
        _runner = new TrialRunner(data, options);
    }

    public ComparisonResult Execute()
    {
        int threadsBefore = get_num_threads();
        try
        {
            TrainAll();
            return Conclude();
        }
        finally
        {
            set_num_threads(threadsBefore);
        }
    }

    public void Dispose()
    {
        _best.Dispose();
        _runner.Dispose();
    }

    private void TrainAll()
    {
        Trial[] open = [.. _trials.Where(trial => !_records.ContainsKey(trial))];
        int workers = Math.Min(open.Length, _options.Workers ?? Math.Max(1, Environment.ProcessorCount / _options.Training.Threads));
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        int next = -1;
        Exception? failure = null;

        // Threads of their own: libtorch keeps its number of threads by thread, and a training must not be moved between threads.
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(worker => new Thread(Work) { Name = $"training {worker + 1}", IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        void Work()
        {
            try
            {
                while (!stop.IsCancellationRequested && Interlocked.Increment(ref next) is int i && i < open.Length)
                {
                    Run(open[i], stop.Token);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The training that was stopped is left out of the result.
            }
#pragma warning disable CA1031 // Handed over to the thread that waits.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref failure, exception, null);
                stop.Cancel();
            }
        }
    }

    private void Run(Trial trial, CancellationToken cancellation)
    {
        TrainedNetwork trained = _runner.Train(trial, OnEpoch, cancellation);
        TrialRecord record;
        try
        {
            record = _runner.Record(trial, trained, _runner.Evaluate(trial, trained));
        }
        catch
        {
            trained.Dispose();
            throw;
        }

        _folder?.Save(trial, record);
        lock (_records)
        {
            _records[trial] = record;
            _best.Offer(trial, record, trained);
        }

        _reporter.Finished(trial, record.Result);

        void OnEpoch(EpochMetrics metrics)
        {
            _folder?.AppendEpoch(trial, metrics);
            _reporter.Epoch(trial, metrics);
        }
    }

    private ComparisonResult Conclude()
    {
        bool complete = _records.Count == _trials.Count;
        IReadOnlyList<CandidateResult> candidates = new ResultBuilder(_options, _scoring).Build(
            [.. _candidates.Select(candidate => (candidate, Records(candidate)))]);
        Verdict? verdict = complete ? new VerdictRule(_scoring, _options.ConfidenceLevel).Decide(candidates) : null;
        IReadOnlyList<UnsureExample> unsure = [];
        CandidateName? unsureCandidate = null;
        if (verdict is not null)
        {
            try
            {
                (unsure, unsureCandidate) = UseBest(verdict, candidates);
            }
            catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
            {
                (complete, verdict) = (false, null); // The best network had to be trained again; a resumed run does it.
            }
        }

        using Network network = _runner.Blueprint(_candidates[0]).Build(0, 0);
        return new ComparisonResult
        {
            Data = new DataSummary(
                _data.Name, _data.Task.ToString().ToLowerInvariant(), _data.Target, _data.Classes,
                _data.Train.Count, _data.Validation.Count, _data.Test.Count, _data.Train.Shape, _data.Notes),
            Network = new NetworkSummary(
                _options.Network.Kind!, network.Description, network.ParameterCount, _options.Network.Activation.ToString().ToLowerInvariant()),
            Candidates = candidates,
            Verdict = verdict,
            UnsureExamples = unsure,
            UnsureCandidate = unsureCandidate,
            Complete = complete,
            Seconds = _reporter.Elapsed.TotalSeconds,
            ConfidenceLevel = _options.ConfidenceLevel,
            RankedBy = _scoring.Score,
        };
    }

    private IReadOnlyList<TrialRecord> Records(Candidate candidate) =>
        [.. _trials.Where(trial => trial.Candidate == candidate && _records.ContainsKey(trial)).Select(trial => _records[trial])];

    /// <summary>
    /// Takes the recommended candidate's network of the seed that did best on the validation rows, saves it where there is a folder, and finds what it is unsure about.
    /// </summary>
    private (IReadOnlyList<UnsureExample> Examples, CandidateName? Of) UseBest(Verdict verdict, IReadOnlyList<CandidateResult> results)
    {
        Candidate recommended = _candidates.First(c => c.Variant.Id == verdict.Variant && c.DropRate == verdict.DropRate);
        (Trial trial, TrainedNetwork trained) = Best(recommended);
        Evaluation evaluation = _runner.Evaluate(trial, trained);
        if (_folder is not null)
        {
            ModelDescription description = new()
            {
                Blueprint = _runner.Blueprint(recommended),
                Encoder = _data.Encoder,
                Seed = trial.Seed,
                Noise = _records[trial].Noise,
                DataName = _data.Name,
                Calibration = evaluation.Calibration,
            };
            ModelFolder.Save(_folder.ModelPath, description, trained.Network);
        }

        if (_options.UnsureExamples == 0)
        {
            return ([], null);
        }

        IReadOnlyList<UnsureExample> examples = Unsure(evaluation);
        if (examples.Count > 0 || !recommended.Variant.IsNone)
        {
            return (examples, null);
        }

        // Of values a network without dropout says nothing but one noise for all rows: the best one with dropout is asked.
        CandidateResult? best = results.Where(result => result.IsChosenRate && result.Variant != VariantCatalog.None.Id && result.Trials.Count > 0)
            .MinBy(result => result.Trials.Sum(each => _scoring.Badness(_scoring.OnValidation(each))) / result.Trials.Count);
        if (best is null)
        {
            return ([], null);
        }

        (trial, trained) = Best(_candidates.First(c => c.Variant.Id == best.Variant && c.DropRate == best.DropRate));
        return (Unsure(_runner.Evaluate(trial, trained)), new(best.Variant, best.DropRate));
    }

    private IReadOnlyList<UnsureExample> Unsure(Evaluation evaluation) =>
        UnsureRows.Find(_data, evaluation.TestPredictions, _options.UnsureExamples);

    /// <summary>The training of a candidate that did best on the validation rows. After a resume its network may be gone; the same seed trains the same one.</summary>
    private (Trial Trial, TrainedNetwork Trained) Best(Candidate candidate)
    {
        Trial trial = _trials.Where(t => t.Candidate == candidate).MinBy(t => _scoring.Badness(_scoring.OnValidation(_records[t].Result)))!;
        return (trial, _best.Find(trial) ?? _best.Keep(trial, _records[trial], _runner.Train(trial, null, _cancellation)));
    }
}
