using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Sets the drop rates of a model by schedules: one call before each training step.</summary>
/// <remarks>
/// <code>
/// var scheduler = new RateScheduler(model, RateSchedule.Parse("linear(0, 0.5, 1000)"));
/// for (…) { scheduler.Step(); /* forward, backward, optimizer */ }
/// </code>
/// The rate of a step depends on its number alone. <see cref="State"/> is all that a resumed run needs.
/// </remarks>
public sealed class RateScheduler
{
    private readonly nn.Module _model;
    private readonly List<RateSchedulerState.Entry> _entries = [];

    /// <summary>A scheduler without schedules; see <see cref="Add"/>.</summary>
    /// <param name="model">The model whose rates it sets.</param>
    public RateScheduler(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
    }

    /// <summary>A scheduler of every place that drops.</summary>
    /// <param name="model">The model whose rates it sets.</param>
    /// <param name="schedule">The rates over time.</param>
    /// <exception cref="ArgumentException">The model has no place that drops.</exception>
    public RateScheduler(nn.Module model, RateSchedule schedule)
        : this(model) => Add("*", schedule);

    /// <summary>A scheduler that goes on where another one was.</summary>
    /// <param name="model">The model whose rates it sets.</param>
    /// <param name="state">The other's <see cref="State"/>.</param>
    /// <exception cref="ArgumentException">A pattern fits no place that drops, or the step is negative.</exception>
    public RateScheduler(nn.Module model, RateSchedulerState state)
        : this(model)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (RateSchedulerState.Entry entry in state.Entries)
        {
            Add(entry.Pattern, entry.Schedule);
        }

        NextStep = state.Step;
    }

    /// <summary>The step that the next call of <see cref="Step"/> is, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    public long NextStep
    {
        get;
        set => field = value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Step must be at least 0; received {value}.");
    }

    /// <summary>Step, patterns and schedules.</summary>
    public RateSchedulerState State => new(NextStep, [.. _entries]);

    /// <summary>Adds a schedule for the places whose path fits a pattern. Where several fit, the last one added counts.</summary>
    /// <param name="pattern">A path with <c>*</c> and <c>?</c>, as <see cref="ModelSurgery.SetRates"/> takes it.</param>
    /// <param name="schedule">The rates over time.</param>
    /// <returns>The scheduler itself.</returns>
    /// <exception cref="ArgumentException">No place that drops fits the pattern.</exception>
    public RateScheduler Add(string pattern, RateSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(schedule);
        if (!ModelSurgery.Sites(_model).Any(site => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, site.Path, ignoreCase: false)))
        {
            throw new ArgumentException($"Pattern must fit a place that drops; received {pattern}, which fits none.", nameof(pattern));
        }

        _entries.Add(new RateSchedulerState.Entry(pattern, schedule));
        return this;
    }

    /// <summary>Sets the rates of the next step, and moves on by one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A schedule gives a rate of 1 to a module that needs it below.</exception>
    public void Step()
    {
        foreach (RateSchedulerState.Entry entry in _entries)
        {
            ModelSurgery.SetRates(_model, entry.Pattern, entry.Schedule.At(NextStep));
        }

        NextStep++;
    }
}
