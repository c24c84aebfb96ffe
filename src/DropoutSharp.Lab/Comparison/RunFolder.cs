using System.Text;
using System.Text.Json;
using DropoutSharp.Lab.Data;
using DropoutSharp.Torch;

namespace DropoutSharp.Lab.Comparison;

/// <summary>A folder that holds a comparison: what it was made with, every epoch, every finished training, the best model and the result.</summary>
/// <remarks>
/// <c>configuration.json</c>, <c>metrics.jsonl</c> (a line an epoch), <c>trials/*.json</c> (one a finished training), <c>model/</c>, <c>result.json</c>.
/// At any moment the folder is valid: files are written to a temporary name, flushed and renamed, lines are appended and flushed. One
/// program at a time has a folder open.
/// </remarks>
public sealed class RunFolder : IDisposable
{
    private const string TrialsName = "trials";
    private const string ConfigurationName = "configuration.json";

    private readonly FileStream _lock;
    private readonly FileStream _metrics;
    private readonly Lock _appending = new();

    private RunFolder(string path, RunConfiguration configuration, FileMode mode)
    {
        FullPath = path;
        Configuration = configuration;
        _lock = new FileStream(
            Path.Combine(path, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        try
        {
            _metrics = new FileStream(Path.Combine(path, "metrics.jsonl"), mode, FileAccess.ReadWrite, FileShare.Read);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <summary>What it was made with.</summary>
    public RunConfiguration Configuration { get; }

    /// <summary>Where the best model lies.</summary>
    public string ModelPath => Path.Combine(FullPath, "model");

    /// <summary>Where the result lies.</summary>
    public string ResultPath => Path.Combine(FullPath, "result.json");

    /// <summary>Makes a new run folder.</summary>
    /// <param name="path">The folder; it must not exist yet, or be empty.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">What is compared and how.</param>
    /// <param name="source">Where the data came from and how it was read, for whoever resumes; null for nothing.</param>
    /// <exception cref="UserErrorException">The folder holds something already, cannot be written, or the options do not fit the data.</exception>
    public static RunFolder Create(string path, PreparedData data, ComparisonOptions options, IReadOnlyDictionary<string, string>? source = null)
    {
        RunConfiguration configuration = Configure(data, options, source);
        string full = Path.GetFullPath(path);
        if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
        {
            throw new UserErrorException(
                File.Exists(Path.Combine(full, ConfigurationName))
                    ? $"Run folder must be new, or be resumed; {path} already holds a run."
                    : $"Run folder must be new or empty; {path} holds something else.");
        }

        return Guard(path, () =>
        {
            Directory.CreateDirectory(Path.Combine(full, TrialsName));
            WriteJson(Path.Combine(full, ConfigurationName), configuration);
            return new RunFolder(full, configuration, FileMode.Create);
        });
    }

    /// <summary>Opens the folder of an earlier run to go on with it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="data">The data; it must be what the folder was made with.</param>
    /// <param name="options">What is compared; it must be what the folder was made with. The number of workers may differ.</param>
    /// <exception cref="UserErrorException">There is no run there, it is damaged or of a newer version, another program has it open, or it was made with other data or options; the message names the first difference.</exception>
    public static RunFolder Resume(string path, PreparedData data, ComparisonOptions options)
    {
        RunConfiguration there = ReadConfiguration(path);
        RunConfiguration here = Configure(data, options, there.Source);
        if (there.DifferenceTo(here) is { } difference)
        {
            throw new UserErrorException($"A run can be resumed with the same data and options only; for {path} {difference}.");
        }

        string full = Path.GetFullPath(path);
        return Guard(path, () =>
        {
            Directory.CreateDirectory(Path.Combine(full, TrialsName));
            RunFolder folder = new(full, there, FileMode.OpenOrCreate);
            folder.ForgetUnfinishedEpochs();
            return folder;
        });
    }

    /// <summary>What the folder of an earlier run was made with.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="UserErrorException">There is no run there, or it is damaged or of a newer version.</exception>
    public static RunConfiguration ReadConfiguration(string path)
    {
        string file = Path.Combine(Path.GetFullPath(path), ConfigurationName);
        if (!File.Exists(file))
        {
            throw new UserErrorException($"A run to resume must have a {ConfigurationName}; {path} has none.");
        }

        return ReadVersion(file) is int version and not RunConfiguration.CurrentVersion
            ? throw new UserErrorException($"Run folder {path} must be of version {RunConfiguration.CurrentVersion}; received version {version}.")
            : ReadJson<RunConfiguration>(file);
    }

    /// <summary>Writes the result.</summary>
    /// <param name="result">The result.</param>
    public void SaveResult(ComparisonResult result) => WriteJson(ResultPath, result);

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _lock.Dispose();
    }

    internal void AppendEpoch(Trial trial, EpochMetrics metrics)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(
            new MetricsLine(trial.Candidate.Variant.Id, trial.Candidate.DropRate, trial.Seed, metrics), LabJson.OneLine), (byte)'\n'];
        lock (_appending)
        {
            _metrics.Write(line);
            _metrics.Flush();
        }
    }

    internal TrialRecord? Find(Trial trial) => File.Exists(TrialPath(trial)) ? ReadJson<TrialRecord>(TrialPath(trial)) : null;

    internal void Save(Trial trial, TrialRecord record) => WriteJson(TrialPath(trial), record);

    private static RunConfiguration Configure(PreparedData data, ComparisonOptions options, IReadOnlyDictionary<string, string>? source)
    {
        RunConfiguration configuration = new() { Data = DataIdentity.Of(data), Options = options.ResolveFor(data) };
        return source is null ? configuration : configuration with { Source = source };
    }

    /// <summary>Epochs of a training that did not finish are trained again, so that their lines go.</summary>
    private void ForgetUnfinishedEpochs()
    {
        using StreamReader reader = new(_metrics, Encoding.UTF8, leaveOpen: true);
        StringBuilder kept = new();
        while (reader.ReadLine() is { } line)
        {
            if (IsOfFinishedTrial(line))
            {
                kept.Append(line).Append('\n');
            }
        }

        byte[] bytes = Encoding.UTF8.GetBytes(kept.ToString());
        if (bytes.Length != _metrics.Length)
        {
            _metrics.SetLength(0);
            _metrics.Write(bytes);
            _metrics.Flush();
        }

        _metrics.Seek(0, SeekOrigin.End);
    }

    private bool IsOfFinishedTrial(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<MetricsLine>(line, LabJson.OneLine) is { } parsed
                && File.Exists(TrialPath(new Trial(new Candidate(Networks.VariantCatalog.Find(parsed.Variant), parsed.DropRate), parsed.Seed)));
        }
        catch (JsonException)
        {
            return false; // A line that was cut off while it was written.
        }
    }

    private string TrialPath(Trial trial) => Path.Combine(FullPath, TrialsName, trial.Id + ".json");

    private static void WriteJson<T>(string path, T value) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, value, LabJson.Indented));

    private static int? ReadVersion(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.TryGetProperty("version", out JsonElement version) && version.TryGetInt32(out int number) ? number : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static T ReadJson<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), LabJson.OneLine) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"File {path} must be one that a run has written; it is damaged: {exception.Message}", exception);
        }
    }

    private static RunFolder Guard(string path, Func<RunFolder> open)
    {
        try
        {
            return open();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"Run folder {path} must be one that can be written and that no other run has open: {exception.Message}", exception);
        }
    }

    private sealed record MetricsLine(string Variant, double DropRate, ulong Seed, EpochMetrics Epoch);
}
