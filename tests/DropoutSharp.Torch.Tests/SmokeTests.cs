namespace DropoutSharp.Torch.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Project_Builds_Runs() => Assert.True(true);
}
