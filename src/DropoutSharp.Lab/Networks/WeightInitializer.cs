using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Networks;

/// <summary>First weights that are a pure function of a key, so that several networks can be made at once and always alike.</summary>
/// <remarks>
/// Matrices and kernels get normal numbers of variance gain²/fan-in: gain² 2 for the rectifying activations (He 2015), 1 for SELU and the
/// hyperbolic tangent (LeCun 1998; Klambauer 2017) and for the output layer. Biases start at 0. Every other parameter stays as its module made it.
/// Parameter number i of the network, learned rates and noise apart, is site i of the stream.
/// </remarks>
internal static class WeightInitializer
{
    public const string OutputName = "output";

    public static void Initialize(nn.Module network, Activation activation, ulong key)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        uint number = 0;
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            // Learned rates and noise are not counted, so that the weights are those of the network without them.
            if (name.EndsWith("noise", StringComparison.Ordinal) || name.EndsWith("logit", StringComparison.Ordinal))
            {
                continue;
            }

            MaskStream stream = new(key, Site: number++);
            if (parameter.dim() >= 2)
            {
                bool isOutput = name.StartsWith(OutputName + ".", StringComparison.Ordinal);
                double gain = isOutput || activation is Activation.Selu or Activation.Tanh ? 1 : 2;
                double fanIn = (double)parameter.numel() / parameter.shape[0];
                parameter.copy_(Normals(stream, parameter.numel(), Math.Sqrt(gain / fanIn)).reshape(parameter.shape));
            }
            else if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                parameter.zero_();
            }
        }
    }

    private static Tensor Normals(MaskStream stream, long count, double deviation)
    {
        double[] normals = new double[count];
        stream.FillNormal(normals.AsSpan());
        return tensor(Array.ConvertAll(normals, normal => (float)(normal * deviation)));
    }
}
