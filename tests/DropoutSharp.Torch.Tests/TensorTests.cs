using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests;

/// <summary>Tests over tensors: each runs in a scope that disposes them, from one state of torch's generator.</summary>
public abstract class TensorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    protected TensorTests() => manual_seed(20140101);

    public void Dispose()
    {
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static void AssertEqual(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.eq(actual).all().item<bool>(), $"expected {expected.cstr()}\nreceived {actual.cstr()}");
    }

    protected static void AssertClose(Tensor expected, Tensor actual, double tolerance = 1e-6)
    {
        Assert.Equal(expected.shape, actual.shape);
        Tensor apart = (expected - actual).abs();
        Tensor bound = tolerance * (1 + expected.abs());
        Assert.True(apart.le(bound).all().item<bool>(), $"apart by {(expected.numel() == 0 ? 0 : apart.max().to(ScalarType.Float64).item<double>())}");
    }

    /// <summary>
    /// Compares the gradient of a random linear functional of an output, with respect to every input, with its central difference along a random direction.
    /// </summary>
    /// <param name="output">Computes the output anew, with the same masks every time.</param>
    /// <param name="inputs">Float64 leaves that require a gradient.</param>
    protected static void AssertGradients(Func<Tensor> output, params Tensor[] inputs)
    {
        Tensor first = output();
        Tensor weights = randn(first.shape, ScalarType.Float64);
        foreach (Tensor input in inputs)
        {
            input.grad?.zero_();
        }

        (first * weights).sum().backward();
        const double Step = 1e-5;
        foreach (Tensor input in inputs)
        {
            Tensor direction = randn(input.shape, ScalarType.Float64);
            double along = input.grad is null ? 0 : (input.grad * direction).sum().item<double>(), up, down;
            using (no_grad())
            {
                input.add_(direction, alpha: Step);
                up = (output() * weights).sum().item<double>();
                input.add_(direction, alpha: -2 * Step);
                down = (output() * weights).sum().item<double>();
                input.add_(direction, alpha: Step);
            }

            // Rounding is some 1e-16·size/step = 1e-10, the third derivative's term step² = 1e-10 times its size.
            Assert.Equal(along, (up - down) / (2 * Step), 1e-6 * (1 + Math.Abs(along)));
        }
    }

    /// <summary>The share of elements that are not zero.</summary>
    protected static double KeptShare(Tensor output) => output.ne(0).to(ScalarType.Float64).mean().item<double>();

    /// <summary>Five standard deviations of a mean of so many independent draws that keep with probability p.</summary>
    protected static double FiveSigma(double keep, double draws) => 5 * Math.Sqrt(keep * (1 - keep) / draws);
}
