using System.Text.Json;

namespace DropoutSharp.Tests;

public sealed class RateScheduleTests
{
    public static TheoryData<string, RateSchedule> Forms => new()
    {
        { "constant(0.5)", new ConstantRate(0.5) },
        { "linear(0, 0.5, 1000)", new LinearRate(0, 0.5, 1000) },
        { "early(0.1, 50)", new EarlyRate(0.1, 50) },
        { "early-linear(0.1, 50)", new EarlyRate(0.1, 50, fallLinearly: true) },
        { "late(0.4, 50)", new LateRate(0.4, 50) },
        { "curriculum(0.5, 0.001)", new CurriculumRate(0.5, 0.001) },
        { "constant(1-0.1)", new ConstantRate(DropRate.FromKeepProbability(0.1)) },
        { "table(0:0.1, 5:1-0.1)", new RateTable((0, 0.1), (5, DropRate.FromKeepProbability(0.1))) },
        { "table(0:0.1, 500:0.3)", new RateTable((0, 0.1), (500, 0.3)) },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Parse_TextForm_GivesTheScheduleBack(string text, RateSchedule schedule)
    {
        Assert.Equal(schedule, RateSchedule.Parse(text));
        Assert.Equal(text, schedule.ToString());
        Assert.Equal(schedule.GetHashCode(), RateSchedule.Parse(text).GetHashCode());
        Assert.Equal(schedule, JsonSerializer.Deserialize<RateSchedule>(JsonSerializer.Serialize(schedule)));
    }

    [Fact]
    public void Parse_PlainRate_IsConstant() => Assert.Equal(new ConstantRate(0.25), RateSchedule.Parse(" 0.25 "));

    [Theory]
    [InlineData("")]
    [InlineData("fast(0.1)")]
    [InlineData("linear(0, 0.5)")]
    [InlineData("linear(0, 1.5, 10)")]
    [InlineData("linear(0, 0.5, -1)")]
    [InlineData("linear(0, 0.5, 1.5)")]
    [InlineData("curriculum(0.5, 0)")]
    [InlineData("table()")]
    [InlineData("table(5:0.1)")]
    [InlineData("table(0:0.1, 0:0.2)")]
    [InlineData("1.2")]
    [InlineData("NaN")]
    [InlineData("1-1.2")]
    [InlineData("late(1-, 5)")]
    public void Parse_NoSchedule_IsRefused(string text)
    {
        Assert.Throws<FormatException>(() => RateSchedule.Parse(text));
        Assert.False(RateSchedule.TryParse(text, null, out _));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RateSchedule>(JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void Parse_RateAboveOne_SaysWhatWasExpected() =>
        Assert.Contains("Drop rate must be in [0, 1]; received 1.2.", Assert.Throws<FormatException>(() => RateSchedule.Parse("1.2")).Message);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(250, 0.125)]
    [InlineData(1000, 0.5)]
    [InlineData(5000, 0.5)]
    public void Linear_AtStep_LiesOnTheLine(long step, double expected) =>
        Assert.Equal(expected, new LinearRate(0, 0.5, 1000).At(step).Value, 1e-15);

    [Fact]
    public void Linear_NoSteps_IsTheEnd() => Assert.Equal(0.5, new LinearRate(0.1, 0.5, 0).At(0).Value);

    [Fact]
    public void Early_ConstantAndLinear_EndAtTheirStep()
    {
        Assert.Equal(0.1, new EarlyRate(0.1, 50).At(49).Value);
        Assert.Equal(0, new EarlyRate(0.1, 50).At(50).Value);
        Assert.Equal(0.05, new EarlyRate(0.1, 50, fallLinearly: true).At(25).Value, 1e-15);
        Assert.Equal(0, new EarlyRate(0.1, 50, fallLinearly: true).At(50).Value);
    }

    [Fact]
    public void Late_AroundItsStep_StartsThere()
    {
        Assert.Equal(0, new LateRate(0.4, 50).At(49).Value);
        Assert.Equal(0.4, new LateRate(0.4, 50).At(50).Value);
    }

    [Fact]
    public void Curriculum_OverTraining_FallsFromKeepingAllToItsFinalValue()
    {
        var schedule = CurriculumRate.ForTraining(0.5, 1000);

        Assert.Equal(1, schedule.At(0).KeepProbability);
        Assert.Equal(((1 - 0.5) * Math.Exp(-1)) + 0.5, schedule.At(100).KeepProbability, 1e-12);
        Assert.Equal(0.5, schedule.At(1000).KeepProbability, 1e-4);
        Assert.True(Enumerable.Range(0, 999).All(step => schedule.At(step).Value < schedule.At(step + 1).Value));
    }

    [Fact]
    public void Table_BetweenEntries_HoldsTheLast()
    {
        var table = new RateTable((0, 0.1), (500, 0.3), (700, 0));

        Assert.Equal([0.1, 0.1, 0.3, 0.3, 0.0, 0.0], new long[] { 0, 499, 500, 699, 700, 1L << 40 }.Select(step => table.At(step).Value));
    }

    [Fact]
    public void At_NegativeStep_IsRefused() => Assert.StartsWith(
        "Step must be at least 0; received -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantRate(0.5).At(-1)).Message, StringComparison.Ordinal);
}
