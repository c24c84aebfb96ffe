using System.Text.Json;
using DropoutSharp.Cli.Invocation;

namespace DropoutSharp.Cli.Tests.Invocation;

public sealed class JsonOutputTests
{
    [Fact]
    public void Write_AnyValue_IsOneLineInSnakeCaseWithNullForWhatIsNotFinite()
    {
        using StringWriter output = new() { NewLine = "\n" };

        JsonOutput.Write(output, new { DropRate = 0.1, MeanLoss = double.NaN, HighEnd = double.PositiveInfinity, Name = "größe <b>\n" });

        Assert.Equal("""{"drop_rate":0.1,"mean_loss":null,"high_end":null,"name":"größe <b>\n"}""" + "\n", output.ToString());
    }

    [Fact]
    public void Write_Numbers_ComeBackExactly()
    {
        using StringWriter output = new();
        double[] values = [0.1, 1.0 / 3, double.Epsilon, double.MaxValue, -0.0];

        JsonOutput.Write(output, values);

        Assert.Equal(values, JsonSerializer.Deserialize<double[]>(output.ToString()));
    }
}
