using DropoutSharp.Lab.Training;

namespace DropoutSharp.Lab.Tests.Training;

public sealed class TrainingOptionsTests
{
    [Theory]
    [InlineData(670, false, 273, 54)] // 11 steps an epoch
    [InlineData(30, false, 300, 60)] // the most
    [InlineData(1168, true, 40, 15)] // 19 steps an epoch
    [InlineData(60_000, true, 20, 15)] // the fewest
    public void ResolveFor_NothingGiven_FollowsTheRows(int rows, bool isImage, int epochs, int patience)
    {
        TrainingOptions resolved = new TrainingOptions { BatchSize = 64 }.ResolveFor(rows, isImage);
        Assert.Equal((epochs, patience), (resolved.Epochs, resolved.Patience));
    }

    [Fact]
    public void ResolveFor_Given_StaysAsItIs()
    {
        TrainingOptions given = new() { Epochs = 7, Patience = 0 };
        Assert.Equal(given, given.ResolveFor(1000, isImage: false));
    }

    [Theory]
    [InlineData(0, 5, "Epochs must be at least 1; received 0.")]
    [InlineData(5, -1, "Patience must be at least 0; received -1.")]
    public void Check_OutOfRange_SaysWhatMustBe(int epochs, int patience, string message) =>
        Assert.Equal(message, Assert.Throws<UserErrorException>(new TrainingOptions { Epochs = epochs, Patience = patience }.Check).Message);
}
