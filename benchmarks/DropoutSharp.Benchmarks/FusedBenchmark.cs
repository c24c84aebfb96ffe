using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Benchmarks;

/// <summary>Measures activations and residual sums that are computed together with their dropout, forward and backward, beside one after the other.</summary>
public static class FusedBenchmark
{
    private const long Columns = 256;
    private static readonly DropRate Rate = 0.5;

    /// <summary>Measures case by case.</summary>
    /// <param name="elements">How many elements a tensor has, case by case; rounded up to whole rows of 256.</param>
    /// <param name="secondsPerCase">How long a case is measured, in seconds.</param>
    /// <param name="measured">Called with each case as soon as it is measured.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <exception cref="LibtorchLoadException">libtorch cannot be loaded.</exception>
    public static void Run(
        IReadOnlyList<long> elements, double secondsPerCase, Action<FusedBenchmarkCase> measured, CancellationToken cancellation = default)
    {
        LibtorchRuntime.EnsureLoaded();
        foreach (long count in elements)
        {
            using DisposeScope scope = NewDisposeScope();
            long[] shape = [(count + Columns - 1) / Columns, Columns];

            // Neither is a leaf, and the input of a layer seldom is.
            Tensor input = randn(shape).requires_grad_(true).alias(), residual = randn(shape).requires_grad_(true).alias();
            Tensor bias = randn(Columns).requires_grad_(true), gradient = ones(shape);
            MaskStream stream = new(1, 0, 0);
            foreach (FusedActivation activation in Enum.GetValues<FusedActivation>().Except([FusedActivation.Identity]))
            {
                string name = activation.ToString().ToLowerInvariant();
                Measure(
                    name, [input], () => DropoutFunctional.bias_activation_dropout(input, null, activation, Rate, Next()), () => DropoutFunctional.dropout(Activate(activation, input), Rate, Next()),
                    () => nn.functional.dropout(Activate(activation, input), Rate.Value), () => Activate(activation, input));
                Measure(
                    $"bias_{name}", [input, bias], () => DropoutFunctional.bias_activation_dropout(input, bias, activation, Rate, Next()), () => DropoutFunctional.dropout(Activate(activation, input + bias), Rate, Next()),
                    () => nn.functional.dropout(Activate(activation, input + bias), Rate.Value), () => Activate(activation, input + bias));
            }

            Measure(
                "add", [input, residual], () => DropoutFunctional.dropout_add(input, residual, Rate, Next()), () => residual + DropoutFunctional.dropout(input, Rate, Next()),
                () => residual + nn.functional.dropout(input, Rate.Value), () => residual + input);

            MaskStream Next()
            {
                stream = stream with { Step = stream.Step + 1 };
                return stream;
            }

            void Measure(string op, Tensor[] inputs, params Func<Tensor>[] ways)
            {
                double[] medians = Contest.Run(TimeSpan.FromSeconds(secondsPerCase), threaded: false, cancellation, [.. ways.Select(way => (Action)(() => Step(way)))]);
                measured(new FusedBenchmarkCase(op, shape[0] * Columns, get_num_threads(), medians[0] / 1000, medians[1] / 1000, medians[2] / 1000, medians[3] / 1000));

                void Step(Func<Tensor> way)
                {
                    using DisposeScope inner = NewDisposeScope();
                    autograd.grad([way()], inputs, [gradient]);
                }
            }
        }
    }

    private static Tensor Activate(FusedActivation activation, Tensor input) => activation switch
    {
        FusedActivation.Relu => input.relu(),
        FusedActivation.Gelu => input.gelu(),
        FusedActivation.GeluTanh => input.gelu(TorchSharp.Modules.GELU.Approximate.tanh),
        _ => input.silu(),
    };
}
