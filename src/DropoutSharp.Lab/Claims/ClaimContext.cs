using System.Collections.Concurrent;
using DropoutSharp.Lab.Data;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Claims;

/// <summary>What experiments share: data, seeds, threads, cancellation.</summary>
internal sealed class ClaimContext : IDisposable
{
    private const int MostTestRows = 2000;
    private const double TestShare = 0.4;
    private const int FewestRows = 60;

    private readonly Lazy<Dataset> _dataset;
    private readonly ConcurrentDictionary<(int, int), Lazy<ClaimData>> _prepared = new();

    public ClaimContext(ClaimOptions options, CancellationToken cancellation)
    {
        (Options, Cancellation) = (options, cancellation);
        _dataset = new Lazy<Dataset>(() => DatasetReader.Read(options.DataPath));
    }

    public ClaimOptions Options { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>What the data are called.</summary>
    public string DataName => _dataset.Value.Name;

    /// <summary>Whether the rows are images.</summary>
    public bool HasImages => _dataset.Value.Images is not null;

    /// <summary>How many classes there are.</summary>
    public int Classes => Data(FewestRows, 0).Classes;

    /// <summary>One number or another, by the form that was asked for.</summary>
    public int Choose(int shortForm, int longForm) => Options.Full ? longForm : shortForm;

    /// <summary>The key of a seed.</summary>
    public ulong Key(int seed) => MaskStream.DeriveKey(Options.Seed, (ulong)seed);

    /// <summary>Runs a function for each seed, several at once, each on one thread, and gives the results in the order of the seeds.</summary>
    public T[] ForSeeds<T>(int seeds, Func<int, T> run)
    {
        var results = new T[seeds];
        ForEach(seeds, seed => results[seed] = run(seed));
        return results;
    }

    /// <summary>Runs a function for each setting and each seed, several at once: results by setting, then seed.</summary>
    public T[][] ForSettings<TSetting, T>(IReadOnlyList<TSetting> settings, int seeds, Func<TSetting, int, T> run)
    {
        T[][] results = [.. settings.Select(_ => new T[seeds])];
        ForEach(settings.Count * seeds, i => results[i % settings.Count][i / settings.Count] = run(settings[i % settings.Count], i / settings.Count));
        return results;
    }

    /// <summary>Classes to learn from, split by the seed.</summary>
    /// <param name="trainRows">How many rows to learn from; fewer where the data do not have them.</param>
    /// <param name="seed">Decides the split.</param>
    public ClaimData Data(int trainRows, int seed) => _prepared.GetOrAdd((trainRows, seed), _ => new Lazy<ClaimData>(() => Prepare(trainRows, seed))).Value;

    /// <summary>Forgets what was prepared, which nobody may use any more.</summary>
    public void Forget()
    {
        foreach (Lazy<ClaimData> data in _prepared.Values.Where(data => data.IsValueCreated))
        {
            data.Value.Dispose();
        }

        _prepared.Clear();
    }

    public void Dispose() => Forget();

    private void ForEach(int count, Action<int> run)
    {
        int before = get_num_threads();
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Options.Threads, CancellationToken = Cancellation }, i =>
            {
                set_num_threads(1);
                using var scope = NewDisposeScope();
                run(i);
            });
        }
        catch (AggregateException failure) when (failure.InnerExceptions is [var only, ..])
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(only is AggregateException nested ? nested.InnerExceptions[0] : only);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private ClaimData Prepare(int trainRows, int seed)
    {
        var all = new DatasetOptions
        {
            Seed = Key(seed),
            TestShare = TestShare,
            ValidationShare = 0.05,
            Task = LearningTask.Classification,
        };
        Dataset dataset = _dataset.Value;
        int left = dataset.TestStart ?? (int)(dataset.RowCount * (1 - TestShare)), available = left - (int)Math.Ceiling(left * all.ValidationShare);
        PreparedData data = DataPreparation.Prepare(dataset, trainRows >= available ? all : all with { TrainRows = trainRows });
        return data.Classes.Count >= 2
            ? new ClaimData(data, MostTestRows)
            : throw new UserErrorException($"Claims must be tried on two classes or more; received {data.Classes.Count}.");
    }
}
