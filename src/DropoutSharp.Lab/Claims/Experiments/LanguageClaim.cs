namespace DropoutSharp.Lab.Claims.Experiments;

/// <summary>In a small language model zero or small dropout wins when data are plenty and loses when they are repeated.</summary>
internal sealed class LanguageClaim : Claim
{
    private const int Width = 256;

    private static readonly double[] Rates = [0, 0.1, 0.25, 0.5];

    public override int Number => 13;

    public override string Name => "language";

    public override string Statement =>
        "In a small language model zero or small dropout wins when every step sees new text, and loses when the same text is repeated many times.";

    public override string Method =>
        "A character model (12 characters, embedded, two hidden layers) is trained for the same number of steps on text that is seen about once, and on a twentieth of it that is seen over and over, at several rates behind its "
        + "hidden layers. Judged by its log-likelihood on a part of the poem that it has not seen.";

    internal override ClaimFindings Try(ClaimContext context)
    {
        int seeds = context.Choose(6, 12), steps = context.Choose(1200, 2000);
        (long[] Codes, int Alphabet) text = CharacterModel.Text();
        int plenty = CharacterModel.Plenty(text.Codes, steps), few = plenty / 20;
        double[][] once = context.ForSettings(Rates, seeds, (rate, seed) => CharacterModel.Losses(context, seed, text, plenty, steps, Width, rate).Unseen);
        double[][] repeated = context.ForSettings(Rates, seeds, (rate, seed) => CharacterModel.Losses(context, seed, text, few, steps, Width, rate).Unseen);
        int half = Array.IndexOf(Rates, 0.5), quarter = Array.IndexOf(Rates, 0.25);
        return new ClaimFindings(
            [
                ClaimPart.Above("With plenty of text, rate 0.5 is worse than none.", Difference("nll_plenty_0.5_minus_0", once[half], once[0]), 0),
                ClaimPart.Above("With plenty of text, rate 0.25 is worse than none.", Difference("nll_plenty_0.25_minus_0", once[quarter], once[0]), 0),
                ClaimPart.Below("With repeated text, rate 0.25 is better than none.", Difference("nll_repeated_0.25_minus_0", repeated[quarter], repeated[0]), 0),
                ClaimPart.Below("With repeated text, rate 0.5 is better than none.", Difference("nll_repeated_0.5_minus_0", repeated[half], repeated[0]), 0, decides: false),
            ],
            [
                Measurement.Exact("characters_plenty", "", plenty),
                Measurement.Exact("characters_repeated", "", few),
                Measurement.Exact("passes_over_plenty", "", (double)steps * CharacterModel.Batch / plenty),
                Measurement.Exact("passes_over_repeated", "", (double)steps * CharacterModel.Batch / few),
                .. Nll("nll_plenty_", once),
                .. Nll("nll_repeated_", repeated),
            ],
            new ClaimPicture
            {
                Description = "Negative log-likelihood of unseen text against the drop rate, with plenty of text and with repeated text",
                XTitle = "Drop rate",
                YTitle = "NLL of unseen text, nats a character",
                Series = [ClaimSeries.Of("Plenty: each character seen about once", Rates, Nll("", once)), ClaimSeries.Of("A twentieth of it, repeated", Rates, Nll("", repeated))],
            })
        {
            Data = CharacterText.Name,
        };
    }

    private static Measurement Difference(string name, double[] one, double[] other) => Measurement.Of(name, "nats", [.. one.Zip(other, (a, b) => a - b)]);

    private static Measurement[] Nll(string prefix, double[][] values) =>
        [.. Rates.Select((rate, i) => Measurement.Of(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{rate}"), "nats", values[i]))];
}
