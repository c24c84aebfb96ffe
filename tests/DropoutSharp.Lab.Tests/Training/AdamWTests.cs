using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Tests.Networks;
using DropoutSharp.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Tests.Training;

public sealed class AdamWTests
{
    private const double WeightDecay = 0.1;

    [Fact]
    public void Step_ManyTimes_AgreesWithTheFormulaInDoublePrecision()
    {
        using DisposeScope scope = NewDisposeScope();
        using Network network = NetworkBlueprintTests.Small().Build(1, 2);
        TorchSharp.Modules.Parameter[] parameters = [.. network.parameters()];
        double[][] weights = [.. parameters.Select(Values)];
        double[][] first = [.. weights.Select(w => new double[w.Length])], second = [.. weights.Select(w => new double[w.Length])];
        using AdamW optimizer = new(network, WeightDecay);
        Tensor input = tensor(new float[] { 1, -2, 3, 0.5f, 0.25f, -1 }).reshape(2, 3);

        for (int step = 1; step <= 25; step++)
        {
            double rate = 0.01 / step;
            (network.call(input) * tensor(new float[] { 1, -1 })).sum().backward();
            double[][] gradients = [.. parameters.Select(parameter => Values(parameter.grad!))];
            optimizer.Step(rate);
            for (int k = 0; k < weights.Length; k++)
            {
                double decay = parameters[k].dim() >= 2 ? WeightDecay : 0;
                for (int i = 0; i < weights[k].Length; i++)
                {
                    double gradient = gradients[k][i];
                    first[k][i] = (0.9 * first[k][i]) + (0.1 * gradient);
                    second[k][i] = (0.999 * second[k][i]) + (0.001 * gradient * gradient);
                    double m = first[k][i] / (1 - Math.Pow(0.9, step)), v = second[k][i] / (1 - Math.Pow(0.999, step));
                    weights[k][i] = (weights[k][i] * (1 - (rate * decay))) - (rate * m / (Math.Sqrt(v) + 1e-8));
                }
            }
        }

        for (int k = 0; k < weights.Length; k++)
        {
            // 25 steps of at most a few float32 roundings of numbers below 2.
            Assert.All(weights[k].Zip(Values(parameters[k])), pair => Assert.Equal(pair.First, pair.Second, 2e-5));
        }
    }

    [Fact]
    public void Step_LeavesGradientsAtZero()
    {
        using DisposeScope scope = NewDisposeScope();
        using Network network = NetworkBlueprintTests.Small().Build(1, 2);
        using AdamW optimizer = new(network, 0);
        network.call(ones(2, 3)).sum().backward();
        optimizer.Step(0.1);
        Assert.All(network.parameters(), parameter => Assert.Equal(0, parameter.grad!.abs().sum().item<float>()));
    }

    private static double[] Values(Tensor tensor) => [.. tensor.detach().flatten().data<float>().Select(value => (double)value)];
}
