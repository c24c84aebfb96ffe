using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Whether the kernels and the autograd node do on this machine what they must.</summary>
internal static class SelfTest
{
    private const int Length = 4099; // a few groups of every width, and a rest

    /// <summary>A sentence that says what is wrong, or null.</summary>
    public static string? Run()
    {
        using DisposeScope scope = NewDisposeScope();
        MaskStream stream = new(0x5EED, 3, 1);
        DropRate rate = 0.3;
        using Dropout dropout = new(rate.Value, seed: stream.Key);
        Tensor input = ones(Length, ScalarType.Float32, CPU).requires_grad_(true);
        Tensor output = dropout.forward(input, stream);
        output.sum().backward();
        float[] expected = [.. Enumerable.Range(0, Length).Select(i => stream.IsKept(i, rate) ? (float)rate.InvertedScale : 0)];
        return !output.data<float>().ToArray().AsSpan().SequenceEqual(expected)
            ? "The kernels do not agree with the reference on this processor; set DOTNET_EnableHWIntrinsic=0 to run without vectors, and report it."
            : !input.grad!.data<float>().ToArray().AsSpan().SequenceEqual(expected)
                ? "The gradient of dropout is not the forward pass's mask with this version of TorchSharp; report it."
                : null;
    }
}
