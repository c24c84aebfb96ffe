using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Tests.Networks;
using DropoutSharp.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Tests.Training;

public sealed class MonteCarloTests
{
    private static readonly NetworkBlueprint Blueprint = NetworkBlueprintTests.Small() with { Variant = "dropout", DropRate = 0.5 };

    [Fact]
    public void Run_RowsInParts_GivesTheSamePassesAsTheWhole()
    {
        using DisposeScope scope = NewDisposeScope();
        using Network network = Blueprint.Build(1, 2);
        network.eval();

        // Whole numbers and a scale of 2: every product and sum is exact, so that no order of them can hide behind rounding.
        using (no_grad())
        {
            foreach (Tensor parameter in network.parameters())
            {
                parameter.mul_(8).round_();
            }
        }

        Tensor rows = arange(30).remainder(5).sub(2).to_type(ScalarType.Float32).reshape(10, 3);
        float[][] whole = Run(network, rows, 9, 3);
        float[][] first = Run(network, rows.narrow(0, 0, 4), 9, 3), second = Run(network, rows.narrow(0, 4, 6), 9, 3, firstRow: 4);
        Assert.Equal(whole, first.Zip(second, (a, b) => (float[])[.. a, .. b]));
        Assert.Contains(whole[0], static output => output != 0);
    }

    [Fact]
    public void Run_PassesAndKeys_DifferButRepeat()
    {
        using DisposeScope scope = NewDisposeScope();
        using Network network = Blueprint.Build(1, 2);
        network.eval();
        Tensor rows = linspace(-2, 2, 30).reshape(10, 3);
        float[][] passes = Run(network, rows, 9, 2);
        Assert.NotEqual(passes[0], passes[1]);
        Assert.Equal(passes, Run(network, rows, 9, 2));
        Assert.NotEqual(passes, Run(network, rows, 10, 2));
        Assert.Equal(NetworkOutputs.Compute(network, rows), NetworkOutputs.Compute(network, rows));
    }

    private static float[][] Run(Network network, Tensor rows, ulong key, int passes, long firstRow = 0)
    {
        List<float[]> outputs = [];
        MonteCarlo.Run(network, rows, key, passes, output => outputs.Add(output.ToArray()), firstRow);
        return [.. outputs];
    }
}
