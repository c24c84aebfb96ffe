using DropoutSharp.Cli.Comparing;

namespace DropoutSharp.Cli.Tests.Comparing;

public sealed class RunFolderNameTests
{
    [Theory]
    [InlineData("digits", "digits")]
    [InlineData("data/House Prices (2024).csv.gz", "house-prices-2024")]
    [InlineData("größe.csv", "gr-e")]
    [InlineData("...", "data")]
    [InlineData("mnist/", "mnist")]
    public void Create_AnyDataName_IsAPlainPath(string dataName, string expected) =>
        Assert.Equal(Path.Combine("runs", $"{expected}-20250131-142501"), RunFolderName.Create("runs", dataName, new FixedTime(), static _ => false));

    [Fact]
    public void Create_NameThatIsTaken_TakesTheNext()
    {
        HashSet<string> taken = [Path.Combine("runs", "digits-20250131-142501"), Path.Combine("runs", "digits-20250131-142501-2")];

        Assert.Equal(Path.Combine("runs", "digits-20250131-142501-3"), RunFolderName.Create("runs", "digits", new FixedTime(), taken.Contains));
    }

    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2025, 1, 31, 14, 25, 1, TimeSpan.Zero);
    }
}
