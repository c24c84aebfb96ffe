using System.Collections.Concurrent;
using DropoutSharp.Lab.Data;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Claims;

/// <summary>What experiments share: data, seeds, threads, cancellation.</summary>
internal sealed class ClaimContext : IDisposable
{
    private const int MostTestRows = 2000;
    private const double TestShare = 0.4;

    private readonly Lazy<Dataset> _dataset;
    private readonly ConcurrentDictionary<(int, int), ClaimData> _prepared = new();

    public ClaimContext(ClaimOptions options, CancellationToken cancellation)
    {
        (Options, Cancellation) = (options, cancellation);
        _dataset = new Lazy<Dataset>(() => DatasetReader.Read(options.DataPath));
    }

    public ClaimOptions Options { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>What the data are called.</summary>
    public string DataName => _dataset.Value.Name;

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
    public ClaimData Data(int trainRows, int seed) => _prepared.GetOrAdd((trainRows, seed), _ => Prepare(trainRows, seed));

    /// <summary>As <see cref="Data"/>, and must be images.</summary>
    public ClaimData Images(int trainRows, int seed)
    {
        ClaimData data = Data(trainRows, seed);
        return data.IsImage ? data : throw new UserErrorException($"This claim must be tried on images; received the table '{DataName}'.");
    }

    public void Dispose()
    {
        foreach (ClaimData data in _prepared.Values)
        {
            data.Dispose();
        }
    }

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
        PreparedData all = DataPreparation.Prepare(_dataset.Value, new DatasetOptions
        {
            Seed = Key(seed),
            TestShare = TestShare,
            ValidationShare = 0.05,
            Task = LearningTask.Classification,
        });
        if (all.Classes.Count < 2)
        {
            throw new UserErrorException($"Claims must be tried on two classes or more; received {all.Classes.Count}.");
        }

        int available = all.Train.Count;
        PreparedData data = trainRows >= available ? all : DataPreparation.Prepare(_dataset.Value, new DatasetOptions
        {
            Seed = Key(seed),
            TestShare = TestShare,
            ValidationShare = 0.05,
            Task = LearningTask.Classification,
            TrainRows = trainRows,
        });
        return new ClaimData(data, MostTestRows);
    }
}
