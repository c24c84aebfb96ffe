using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace DropoutSharp;

/// <summary>A drop rate as a function of the training step.</summary>
/// <remarks>
/// <para>A schedule is a value: it has no state, two of equal parameters are equal, and its text form (<see cref="ToString"/>,
/// <see cref="Parse(string)"/>, and JSON as a string) brings it back exactly. Whoever resumes a run needs the schedule and the step, nothing else.</para>
/// <para>The forms: <c>constant(0.5)</c>, <c>linear(0, 0.5, 1000)</c>, <c>early(0.5, 1000)</c>, <c>early-linear(0.5, 1000)</c>,
/// <c>late(0.5, 1000)</c>, <c>curriculum(0.5, 0.001)</c>, <c>table(0:0.1, 500:0.3)</c>; <c>0.5</c> alone is constant.
/// A rate may be written by its keep probability: <c>1-0.8</c>.</para>
/// </remarks>
[JsonConverter(typeof(RateScheduleJsonConverter))]
public abstract record RateSchedule : IParsable<RateSchedule>
{
    private protected RateSchedule()
    {
    }

    /// <summary>The drop rate at a step.</summary>
    /// <param name="step">The training step, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public DropRate At(long step) => RateAt(CheckSteps(step, "Step", nameof(step)));

    /// <summary>The text form that <see cref="Parse(string)"/> reads back to an equal schedule.</summary>
    public sealed override string ToString() => Name + "(" + string.Join(", ", Arguments) + ")";

    /// <summary>Reads the text form of a schedule.</summary>
    /// <param name="text">Such as <c>linear(0, 0.5, 1000)</c>, or a plain rate.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is no schedule; the message says what was expected.</exception>
    public static RateSchedule Parse(string text) => RateScheduleText.Parse(text);

    /// <summary>Reads the text form of a schedule; numbers are always invariant.</summary>
    /// <param name="s">Such as <c>linear(0, 0.5, 1000)</c>, or a plain rate.</param>
    /// <param name="provider">Not used.</param>
    /// <exception cref="FormatException"><paramref name="s"/> is no schedule.</exception>
    public static RateSchedule Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <summary>Reads the text form of a schedule, or answers <see langword="false"/>.</summary>
    /// <param name="s">Such as <c>linear(0, 0.5, 1000)</c>, or a plain rate.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The schedule.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out RateSchedule result)
    {
        try
        {
            result = s is null ? null : Parse(s);
        }
        catch (FormatException)
        {
            result = null;
        }

        return result is not null;
    }

    /// <summary>A constant schedule from a drop rate.</summary>
    /// <param name="dropRate">The rate at every step.</param>
    public static implicit operator RateSchedule(DropRate dropRate) => new ConstantRate(dropRate);

    /// <summary>The first word of the text form.</summary>
    private protected abstract string Name { get; }

    /// <summary>The arguments of the text form.</summary>
    private protected abstract IEnumerable<string> Arguments { get; }

    private protected abstract DropRate RateAt(long step);

    private protected static string Text(DropRate rate) => rate.KeepProbability == 1 - rate.Value ? Text(rate.Value) : $"1-{Text(rate.KeepProbability)}";

    private protected static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private protected static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private protected static long CheckSteps(long steps, string what, string parameter) => steps >= 0
        ? steps
        : throw new ArgumentOutOfRangeException(parameter, steps, $"{what} must be at least 0; received {steps}.");
}
