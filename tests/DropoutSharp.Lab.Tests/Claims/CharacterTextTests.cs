using DropoutSharp.Lab.Claims;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Tests.Claims;

public sealed class CharacterTextTests
{
    [Fact]
    public void Read_EmbeddedText_IsThePoem()
    {
        string text = CharacterText.Read();

        Assert.StartsWith("Book I\n\nOf Man's first disobedience", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 250_000, 350_000);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void Windows_Codes_EachHaveTheCharacterThatFollows()
    {
        using var scope = NewDisposeScope();

        (Tensor windows, Tensor next) = CharacterText.Windows([1, 2, 3, 4, 5], 3);

        Assert.Equal([1L, 2, 3, 2, 3, 4], windows.data<long>().ToArray());
        Assert.Equal([4L, 5], next.data<long>().ToArray());
    }
}
