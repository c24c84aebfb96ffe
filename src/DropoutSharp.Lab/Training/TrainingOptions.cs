using System.Globalization;

namespace DropoutSharp.Lab.Training;

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    private const int FewestEpochs = 20;
    private const int MostEpochs = 300;
    private const int TableSteps = 3000;
    private const int ImageSteps = 750;
    private const int ShortestPatience = 15;

    /// <summary>
    /// How often every training row is seen, if early stopping does not end the training before; at least 1. Null for what suits the rows: see
    /// <see cref="ResolveFor"/>.
    /// </summary>
    public int? Epochs { get; init; }

    /// <summary>Rows a step, at most; at least 1. The rows of an epoch are spread evenly over its steps.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>AdamW's learning rate at the first step; above 0.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>How the learning rate falls.</summary>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Linear;

    /// <summary>AdamW's weight decay, decoupled from the gradient; at least 0. It acts on matrices and kernels, not on biases and scales.</summary>
    public double WeightDecay { get; init; } = 1e-2;

    /// <summary>
    /// Early stopping: after how many epochs without a lower validation loss a training ends. The weights of the best epoch are kept. 0 for none: every epoch is
    /// trained, and the weights of the last are kept. Null for a fifth of the epochs, and at least 15.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>Threads of one training; at least 1. A training repeats to the last digit for a given number of threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Checks every option.</summary>
    /// <exception cref="UserErrorException">An option is out of its range; the message names it, its range and what was received.</exception>
    public void Check()
    {
        AtLeastOne("Epochs", Epochs ?? 1);
        AtLeastOne("Batch size", BatchSize);
        AtLeastOne("Threads", Threads);
        Require(LearningRate > 0 && double.IsFinite(LearningRate), "Learning rate must be above 0", LearningRate);
        Require(Patience is null or >= 0, "Patience must be at least 0", Patience ?? 0);
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), "Weight decay must be at least 0", WeightDecay);
    }

    /// <summary>The same options with nothing left open.</summary>
    /// <param name="trainRows">Rows that are learned from.</param>
    /// <param name="isImage">Whether a row is an image.</param>
    /// <remarks>
    /// Few rows give few steps an epoch and need more epochs to be learned at all: a network that was trained too little seems to need no dropout. So the epochs are those
    /// of some 3,000 steps for tables, whose steps are cheap, and of 750 for images; 20 at least and 300 at most.
    /// </remarks>
    public TrainingOptions ResolveFor(int trainRows, bool isImage)
    {
        int stepsPerEpoch = Math.Max(1, (int)(((long)trainRows + BatchSize - 1) / BatchSize));
        int steps = isImage ? ImageSteps : TableSteps;
        int epochs = Epochs ?? Math.Clamp((steps + stepsPerEpoch - 1) / stepsPerEpoch, FewestEpochs, MostEpochs);
        return this with { Epochs = epochs, Patience = Patience ?? Math.Max(ShortestPatience, epochs / 5) };
    }

    private static void AtLeastOne(string what, int value) => Require(value >= 1, $"{what} must be at least 1", value);

    private static void Require(bool holds, string rule, double received)
    {
        if (!holds)
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"{rule}; received {received}."));
        }
    }
}
