using DropoutSharp.Torch;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DropoutSharp.Lab.Claims;

/// <summary>A small character model on the embedded text: 12 characters, embedded, two hidden layers with dropout behind each, the next character.</summary>
internal static class CharacterModel
{
    /// <summary>Characters that it sees at once.</summary>
    public const int Window = 12;

    /// <summary>Windows a step.</summary>
    public const int Batch = 128;

    private const int Letters = 16;
    private const int TestCharacters = 20_000;

    /// <summary>The whole text, and the number of different characters in it.</summary>
    public static (long[] Codes, int Alphabet) Text()
    {
        string text = CharacterText.Read();
        char[] alphabet = [.. text.Distinct().Order()];
        return ([.. text.Select(letter => (long)Array.BinarySearch(alphabet, letter))], alphabet.Length);
    }

    /// <summary>How many characters training that sees each once can take: as many as it has steps for, or as there are.</summary>
    public static int Plenty(long[] codes, int steps) => Math.Min(codes.Length - TestCharacters, (steps * Batch) + Window);

    /// <summary>Trains a model and gives its mean loss on the end of the text, which it has not seen, and on what it has learned from, dropout off.</summary>
    /// <param name="context">Keys and cancellation.</param>
    /// <param name="seed">Decides the stretch of text, the weights and the masks.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="characters">The length of the stretch to learn from.</param>
    /// <param name="steps">Training steps.</param>
    /// <param name="width">Units of a hidden layer.</param>
    /// <param name="rate">The drop rate.</param>
    /// <param name="learningRate">At the first step.</param>
    /// <param name="dropsUntil">The step from which on nothing is dropped; null for dropout to the end.</param>
    public static (double Unseen, double Seen) Losses(
        ClaimContext context, int seed, (long[] Codes, int Alphabet) text, int characters, int steps, int width, double rate, double learningRate = 2e-3,
        int? dropsUntil = null)
    {
        // Seeds read from places of their own, so that intervals speak about text and not about one stretch of it.
        int available = text.Codes.Length - TestCharacters, start = (int)(new MaskStream(context.Key(seed)).Uniform(0) * (available - characters + 1));
        (Tensor windows, Tensor next) = CharacterText.Windows(text.Codes.AsSpan(start, characters), Window);
        (Tensor testWindows, Tensor testNext) = CharacterText.Windows(text.Codes.AsSpan(available), Window);
        using Sequential model = nn.Sequential(
            ("embedding", nn.Embedding(text.Alphabet, Letters)),
            ("flatten", nn.Flatten()),
            ("linear1", nn.Linear(Window * Letters, width)),
            ("relu1", nn.ReLU()),
            ("drop1", new Dropout(rate)),
            ("linear2", nn.Linear(width, width)),
            ("relu2", nn.ReLU()),
            ("drop2", new Dropout(rate)),
            ("output", nn.Linear(width, text.Alphabet)));
        IReadOnlyList<(string Path, DropoutSite Site)> sites = DropoutSites.Of(model);
        new ClaimTraining(steps, Batch, learningRate).Run(model, windows, next, context.Key(seed), context.Cancellation, beforeStep: step =>
        {
            if (step == dropsUntil)
            {
                foreach ((_, DropoutSite site) in sites)
                {
                    site.DropRate = 0;
                }
            }
        });
        int seen = (int)Math.Min(TestCharacters, windows.shape[0]);
        return (Loss(model, testWindows, testNext), Loss(model, windows.narrow(0, 0, seen), next.narrow(0, 0, seen)));
    }

    private static double Loss(Sequential model, Tensor windows, Tensor next)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return nn.functional.cross_entropy(model.call(windows), next).item<float>();
    }
}
