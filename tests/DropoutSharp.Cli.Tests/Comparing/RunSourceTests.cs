using DropoutSharp.Cli.Comparing;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Data;

namespace DropoutSharp.Cli.Tests.Comparing;

public sealed class RunSourceTests
{
    [Fact]
    public void FromSaved_WhatToSavedGave_IsTheSame()
    {
        DatasetOptions options = new()
        {
            Target = "a \"b\"",
            Task = LearningTask.Regression,
            TrainRows = 12,
            ValidationShare = 0.1,
            Seed = ulong.MaxValue,
            Ignore = ["x", "y,z"],
            Categories = ["c"],
        };

        RunSource back = RunSource.FromSaved(new RunSource("some/file.csv", options).ToSaved(), "runs/x");

        Assert.Equal(Path.GetFullPath("some/file.csv"), back.DataPath);
        Assert.Equal(options with { Ignore = back.Options.Ignore, Categories = back.Options.Categories }, back.Options);
        Assert.Equal(options.Ignore, back.Options.Ignore);
        Assert.Equal(options.Categories, back.Options.Categories);
    }

    [Fact]
    public void FromSaved_NoPath_IsTheDigits() => Assert.Null(RunSource.FromSaved(new RunSource(null, new()).ToSaved(), "runs/x").DataPath);

    [Fact]
    public void FromSaved_Damaged_IsAUserError() =>
        Assert.Throws<UserErrorException>(static () => RunSource.FromSaved(new Dictionary<string, string> { ["trainRows"] = "{" }, "runs/x"));
}
