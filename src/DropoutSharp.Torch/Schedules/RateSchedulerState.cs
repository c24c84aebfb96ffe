namespace DropoutSharp.Torch;

/// <summary>Where a <see cref="RateScheduler"/> stands: plain data that a file can hold.</summary>
/// <param name="Step">The step that the next call of <see cref="RateScheduler.Step"/> is.</param>
/// <param name="Entries">The path patterns and their schedules, in the order in which they are applied.</param>
public sealed record RateSchedulerState(long Step, IReadOnlyList<RateSchedulerState.Entry> Entries)
{
    /// <summary>A path pattern and its schedule.</summary>
    /// <param name="Pattern">A path with <c>*</c> and <c>?</c>.</param>
    /// <param name="Schedule">The rates over time.</param>
    public sealed record Entry(string Pattern, RateSchedule Schedule);
}
