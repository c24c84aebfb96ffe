using System.Text.Json;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Schedules;

public sealed class RateSchedulerTests : TensorTests
{
    [Fact]
    public void Step_Schedules_SetTheRatesOfTheirPlaces()
    {
        (nn.Module model, Dropout first, Dropout second) = Model();
        var scheduler = new RateScheduler(model, new LinearRate(0, 0.4, 4)).Add("second*", new LateRate(0.3, 2));
        double[] firsts = new double[6], seconds = new double[6];
        for (int step = 0; step < 6; step++)
        {
            scheduler.Step();
            (firsts[step], seconds[step]) = (first.DropRate.Value, second.DropRate.Value);
        }

        Assert.Equal([0, 0.1, 0.2, 0.3, 0.4, 0.4], firsts.Select(rate => Math.Round(rate, 12)));
        Assert.Equal([0, 0, 0.3, 0.3, 0.3, 0.3], seconds);
    }

    [Fact]
    public void State_ThroughJson_GoesOnWhereItWas()
    {
        (nn.Module model, Dropout first, _) = Model();
        var scheduler = new RateScheduler(model, CurriculumRate.ForTraining(0.5, 100));
        for (int step = 0; step < 10; step++)
        {
            scheduler.Step();
        }

        RateSchedulerState state = JsonSerializer.Deserialize<RateSchedulerState>(JsonSerializer.Serialize(scheduler.State))!;
        (nn.Module other, Dropout otherFirst, _) = Model();
        var resumed = new RateScheduler(other, state);
        scheduler.Step();
        resumed.Step();
        Assert.Equal(first.DropRate, otherFirst.DropRate);
        Assert.Equal(11, resumed.NextStep);
    }

    [Fact]
    public void Add_PatternThatFitsNothing_IsRefused()
    {
        (nn.Module model, _, _) = Model();
        Assert.Contains("third", Assert.Throws<ArgumentException>(() => new RateScheduler(model).Add("third", new ConstantRate(0.1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new RateScheduler(nn.Linear(1, 1), new ConstantRate(0.1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RateScheduler(model).NextStep = -1);
    }

    private static (nn.Module Model, Dropout First, Dropout Second) Model()
    {
        Dropout first = new(0.9), second = new(0.9);
        return (nn.Sequential(("first", first), ("second", second)), first, second);
    }
}
