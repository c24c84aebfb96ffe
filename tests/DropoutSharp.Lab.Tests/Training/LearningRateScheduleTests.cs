using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(LearningRateDecay.Constant, 0.1, 0.1, 0.1)]
    [InlineData(LearningRateDecay.Linear, 0.1, 0.05, 0)]
    [InlineData(LearningRateDecay.Cosine, 0.1, 0.05, 0)]
    public void RateAfter_StartMiddleEnd_FollowsTheDecay(LearningRateDecay decay, double atStart, double inTheMiddle, double atTheEnd)
    {
        LearningRateSchedule schedule = new(new TrainingOptions { Epochs = 10, LearningRate = 0.1, Decay = decay }, stepsPerEpoch: 4);
        Assert.Equal(atStart, schedule.RateAfter(0), 1e-15);
        Assert.Equal(inTheMiddle, schedule.RateAfter(20), 1e-15);
        Assert.Equal(atTheEnd, schedule.RateAfter(40), 1e-15);
    }

    [Fact]
    public void RateAfter_Cosine_IsAboveLinearInTheFirstHalf()
    {
        TrainingOptions options = new() { Epochs = 1, LearningRate = 1 };
        double cosine = new LearningRateSchedule(options with { Decay = LearningRateDecay.Cosine }, 100).RateAfter(25);
        Assert.Equal((1 + Math.Cos(Math.PI / 4)) / 2, cosine, 1e-15);
    }
}
