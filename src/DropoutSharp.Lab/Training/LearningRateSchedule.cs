namespace DropoutSharp.Lab.Training;

/// <summary>The learning rate at each step of a training, whose options leave nothing open.</summary>
internal sealed class LearningRateSchedule(TrainingOptions options, int stepsPerEpoch)
{
    private readonly double _steps = (double)options.Epochs!.Value * stepsPerEpoch;

    /// <summary>The rate of the step that follows a number of finished ones; 0 after the last, unless the rate is constant.</summary>
    public double RateAfter(int finishedSteps)
    {
        double progress = finishedSteps / _steps;
        return options.LearningRate * options.Decay switch
        {
            LearningRateDecay.Linear => 1 - progress,
            LearningRateDecay.Cosine => (1 + Math.Cos(Math.PI * progress)) / 2,
            _ => 1,
        };
    }
}
