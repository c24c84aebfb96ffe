using System.Globalization;

namespace DropoutSharp;

/// <summary>Reads the text form of a schedule.</summary>
internal static class RateScheduleText
{
    private const string Forms =
        "constant(RATE), linear(FROM, TO, STEPS), early(RATE, UNTIL), early-linear(RATE, UNTIL), late(RATE, FROM), "
        + "curriculum(RATE, GAMMA) or table(0:RATE, STEP:RATE, …)";

    public static RateSchedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        try
        {
            if (TryRate(trimmed) is DropRate rate)
            {
                return new ConstantRate(rate);
            }

            int open = trimmed.IndexOf('(', StringComparison.Ordinal);
            if (open > 0 && trimmed.EndsWith(')'))
            {
                string[] arguments = trimmed[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
                return Create(trimmed[..open].TrimEnd().ToUpperInvariant(), arguments) ?? throw NoSchedule(text);
            }
        }
        catch (ArgumentException problem)
        {
            throw new FormatException($"Rate schedule '{text}' cannot be used: {FirstLine(problem)}", problem);
        }

        throw NoSchedule(text);
    }

    private static RateSchedule? Create(string name, string[] arguments) => (name, arguments.Length) switch
    {
        ("CONSTANT", 1) => new ConstantRate(Rate(arguments[0])),
        ("LINEAR", 3) => new LinearRate(Rate(arguments[0]), Rate(arguments[1]), Whole(arguments[2])),
        ("EARLY", 2) => new EarlyRate(Rate(arguments[0]), Whole(arguments[1])),
        ("EARLY-LINEAR", 2) => new EarlyRate(Rate(arguments[0]), Whole(arguments[1]), fallLinearly: true),
        ("LATE", 2) => new LateRate(Rate(arguments[0]), Whole(arguments[1])),
        ("CURRICULUM", 2) => new CurriculumRate(Rate(arguments[0]), Number(arguments[1])),
        ("TABLE", > 0) => new RateTable(Array.ConvertAll(arguments, Entry)),
        _ => null,
    };

    private static (long Step, DropRate Rate) Entry(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? throw new ArgumentException($"An entry of a table must be STEP:RATE; received '{text}'.")
            : (Whole(text[..colon]), Rate(text[(colon + 1)..]));
    }

    private static DropRate Rate(string text) => TryRate(text) ?? throw new ArgumentException($"A drop rate was expected; received '{text}'.");

    // A rate made of its keep probability is written by that, since 1 − (1 − p) is not always p.
    private static DropRate? TryRate(string text) =>
        text.StartsWith("1-", StringComparison.Ordinal) && TryNumber(text[2..], out double keep) ? DropRate.FromKeepProbability(keep)
        : TryNumber(text, out double rate) ? new DropRate(rate)
        : null;

    private static double Number(string text) => TryNumber(text, out double number)
        ? number
        : throw new ArgumentException($"A number was expected; received '{text}'.");

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static long Whole(string text) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long whole)
        ? whole
        : throw new ArgumentException($"A whole number of steps was expected; received '{text}'.");

    // The framework appends the parameter's name and the value to an argument's message; a reader of a text form knows neither.
    private static string FirstLine(ArgumentException problem)
    {
        int end = problem.Message.IndexOf(" (Parameter", StringComparison.Ordinal);
        return end < 0 ? problem.Message : problem.Message[..end];
    }

    private static FormatException NoSchedule(string text) => new($"Rate schedule must be {Forms}; received '{text}'.");
}
