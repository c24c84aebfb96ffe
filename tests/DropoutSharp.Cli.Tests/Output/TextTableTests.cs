using DropoutSharp.Cli.Output;

namespace DropoutSharp.Cli.Tests.Output;

public sealed class TextTableTests
{
    [Fact]
    public void Write_EnoughRoom_ShowsEverythingWithNumbersToTheRight() => Assert.Equal(
        """
        Variant  Rate  Time
        ───────  ────  ────
        none             1s
        Dropout   0.5   12s

        """, Written(80));

    [Fact]
    public void Write_TooNarrow_LeavesTheLeastImportantOut() => Assert.Equal(
        """
        Variant  Rate
        ───────  ────
        none
        Dropout   0.5

        """, Written(16));

    [Fact]
    public void Write_MuchTooNarrow_KeepsWhatMustStay() => Assert.StartsWith("Variant\n", Written(3), StringComparison.Ordinal);

    [Fact]
    public void Add_WrongNumberOfCells_Throws() =>
        Assert.Throws<ArgumentException>(static () => new TextTable(new TextTable.Column("a")).Add("1", "2"));

    [Fact]
    public void Wrap_LongText_BreaksBetweenWords() =>
        Assert.Equal(["one two", "three", "unbreakable", "x"], Screen.Wrap("one two three  unbreakable x", 9));

    private static string Written(int width)
    {
        TextTable table = new(new TextTable.Column("Variant", IsNumber: false), new("Rate", Importance: 1), new("Time", Importance: 2));
        table.Add("none", "", "1s");
        table.Add("Dropout", "0.5", "12s");
        using StringWriter output = new() { NewLine = "\n" };
        table.Write(output, width);
        return output.ToString();
    }
}
