using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Comparison;

/// <summary>Keeps the network of each candidate's best seed on the validation rows and disposes the others.</summary>
internal sealed class BestNetworks(Scoring scoring) : IDisposable
{
    private readonly Dictionary<Candidate, (Trial Trial, double Badness, TrainedNetwork Trained)> _kept = [];

    /// <summary>Takes a network over: it is kept, or disposed.</summary>
    public void Offer(Trial trial, TrialRecord record, TrainedNetwork trained)
    {
        double badness = scoring.Badness(scoring.OnValidation(record.Result));
        if (_kept.TryGetValue(trial.Candidate, out (Trial Trial, double Badness, TrainedNetwork Trained) kept))
        {
            if (kept.Badness <= badness)
            {
                trained.Dispose();
                return;
            }

            kept.Trained.Dispose();
        }

        _kept[trial.Candidate] = (trial, badness, trained);
    }

    /// <summary>Takes a network over whatever else is there.</summary>
    public TrainedNetwork Keep(Trial trial, TrialRecord record, TrainedNetwork trained)
    {
        if (_kept.Remove(trial.Candidate, out (Trial Trial, double Badness, TrainedNetwork Trained) kept))
        {
            kept.Trained.Dispose();
        }

        Offer(trial, record, trained);
        return trained;
    }

    /// <summary>The network of a training where it is the one that was kept; it stays owned here.</summary>
    public TrainedNetwork? Find(Trial trial) =>
        _kept.TryGetValue(trial.Candidate, out (Trial Trial, double Badness, TrainedNetwork Trained) kept) && kept.Trial == trial ? kept.Trained : null;

    public void Dispose()
    {
        foreach ((_, _, TrainedNetwork trained) in _kept.Values)
        {
            trained.Dispose();
        }
    }
}
